"""K candidates in one decode are the same texts that the model would give one by one."""

import numpy as np
import torch
from transformers import DynamicCache

from siren.policy.action_text import read_words
from siren.policy.checkpoint import Checkpoint
from siren.policy.continuation import Continuation, Memory, Prompt
from siren.policy.decode import Asked, Decoder
from siren.policy.grammar import PlanGrammar, PointGrammar
from siren.policy.model import IMAGE_TOKENS, to_pixels
from siren.policy.vocabulary import BOS, IMAGE, SEP

PROMPT = "robot : pick up the egg"


def prompt_words(checkpoint: Checkpoint) -> list[int]:
    ids = checkpoint.vocabulary.ids
    return [*[ids[IMAGE]] * IMAGE_TOKENS, ids[BOS], *checkpoint.vocabulary.encode(PROMPT), ids[SEP]]


@torch.inference_mode()
def test_the_short_way_through_the_decoder_equals_the_stock_model(checkpoint: Checkpoint, image: np.ndarray) -> None:
    prompt, after = prompt_words(checkpoint), checkpoint.vocabulary.encode("pick egg x3 y200 r4 z9")
    pixels = to_pixels(image[None])
    whole = checkpoint.model(input_ids=torch.tensor([prompt + after]), pixel_values=pixels).logits[0, -1].numpy()
    cache = DynamicCache(config=checkpoint.model.config.get_text_config())
    checkpoint.model.model(input_ids=torch.tensor([prompt]), pixel_values=pixels, cache=cache, use_cache=True)
    memory, short = Memory([Prompt(cache, 0, 2)], 40), Continuation(checkpoint.model)
    # The second row reads the same words in blocks that are padded differently.
    short.read(memory, np.array([after[:2], [after[0], 0]]), np.array([[True, True], [True, False]]))
    short.read(memory, np.array([after[2:5], after[1:4]]), np.ones((2, 3), bool))
    scores = short.read(memory, np.array([after[5:] + [0], after[4:]]), np.array([[True, False], [True, True]]))
    np.testing.assert_allclose(scores[0], whole, atol=2e-4)
    np.testing.assert_allclose(scores[1], whole, atol=2e-4)


@torch.inference_mode()
def test_the_greedy_candidate_takes_the_likeliest_allowed_word_at_every_step(checkpoint: Checkpoint, image: np.ndarray) -> None:
    vocabulary, grammar = checkpoint.vocabulary, PointGrammar(checkpoint.vocabulary)
    first = Decoder(checkpoint.model, vocabulary).decode(image, PROMPT, grammar, 3, np.random.default_rng(0))[0]
    state, words, score = grammar.start, prompt_words(checkpoint), 0.0
    for word in first.text.split():
        logits = checkpoint.model(input_ids=torch.tensor([words]), pixel_values=to_pixels(image[None])).logits[0, -1]
        allowed = grammar.allowed(state)
        logs = torch.log_softmax(logits[allowed], 0).numpy()
        chosen = vocabulary.ids[word]
        if state.slot in ("name", "turn"):  # places are spoken as the mean around the likeliest
            assert chosen == allowed[logs.argmax()]
        score += float(logs[list(allowed).index(chosen)])
        words.append(chosen)
        state = grammar.advance(state, chosen)
    assert abs(score - first.score) < 1e-3


def test_candidates_are_plans_ranked_behind_the_greedy_one(checkpoint: Checkpoint, image: np.ndarray) -> None:
    decoder, grammar = Decoder(checkpoint.model, checkpoint.vocabulary), PlanGrammar(checkpoint.vocabulary, longest=4)
    four = decoder.decode(image, PROMPT, grammar, 4, np.random.default_rng(1))
    alone = decoder.decode(image, PROMPT, grammar, 1, np.random.default_rng(2))
    assert four[0].text == alone[0].text
    assert abs(four[0].score - alone[0].score) < 1e-3
    assert [one.score for one in four[1:]] == sorted((one.score for one in four[1:]), reverse=True)
    assert all(read_words(one.text).steps for one in four)
    assert len({one.text for one in four}) > 1


def test_the_same_generator_gives_the_same_candidates(checkpoint: Checkpoint, image: np.ndarray) -> None:
    decoder, grammar = Decoder(checkpoint.model, checkpoint.vocabulary), PlanGrammar(checkpoint.vocabulary, longest=4)
    once, again = (decoder.decode(image, PROMPT, grammar, 4, np.random.default_rng(7)) for _ in range(2))
    assert once == again


def test_pictures_and_prompts_of_any_length_share_a_batch(checkpoint: Checkpoint) -> None:
    decoder, grammar = Decoder(checkpoint.model, checkpoint.vocabulary), PlanGrammar(checkpoint.vocabulary, longest=4)
    prompts = (PROMPT, "robot : put the die in the box", "robot : pick up the cola_can", "robot : pick something that is a fruit")
    pictures = [np.random.default_rng(seed).integers(0, 256, (96, 96, 3)).astype(np.uint8) for seed in range(len(prompts))]
    counts = (4, 1, 3, 2)

    def asked(number: int) -> Asked:
        return Asked(pictures[number], prompts[number], counts[number], np.random.default_rng(number))

    together = decoder.decode_together([asked(number) for number in range(4)], grammar)
    for number, texts in enumerate(together):
        alone = decoder.decode(pictures[number], prompts[number], grammar, counts[number], np.random.default_rng(number))
        assert [one.text for one in texts] == [one.text for one in alone]
        np.testing.assert_allclose([one.score for one in texts], [one.score for one in alone], atol=1e-3)
