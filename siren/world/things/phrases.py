"""What things are good for, as phrases: a use continues "something that ...", an occasion "something ...".

No phrase holds " on ", " in " before the place of a thing, so that "put something that suits dinner in the box" has one reading.
"""

FRUIT, DRINK, SWEET = "is a fruit", "quenches thirst", "tastes sweet"
BREAKFAST, DINNER, BAKING = "suits breakfast", "suits dinner", "helps with baking"
TOOL, MENDS, LIGHT, OFFICE = "is a tool", "mends broken things", "gives light", "belongs in an office"
TOY, SPORT, CLEANS, POURS = "is a toy", "is made for sport", "cleans the house", "holds a drink"
BUILD, PROP, FORTUNE, TIME = "builds a wall", "props a door open", "is worth a fortune", "tells the time"

FOR_BREAKFAST, FOR_DINNER, FOR_PICNIC, FOR_BIRTHDAY = "for breakfast", "for dinner", "for a picnic", "for a birthday"
FOR_CLEANING, FOR_REPAIRS, FOR_BAKING, FOR_DARK = "for cleaning up", "for repairs", "for baking", "for a dark night"
FOR_PLAY, FOR_SPORT, FOR_DESK, FOR_BUILDING = "for playtime", "for sport", "for desk work", "for building"
