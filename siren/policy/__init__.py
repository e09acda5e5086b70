"""The neural half: an image and an instruction become ranked plans as text. torch and transformers live here and in learning."""
