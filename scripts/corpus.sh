#!/bin/sh
# Rebuild the public part of the training data: scripts/corpus.sh DATA OUT.jsonl.gz
# DATA is laid out as corpus/README.md says.
set -eu
data=$1
set -- corpus build corpus/public --out "$2"
for name in allsides fakenewscorpus-sample horne2017 news-pages wcxb-dev; do
    set -- "$@" --source "$name=$data/annotated/$name.jsonl"
done
exec cleaner "$@" \
    --source "allsides=$data/allsides/articles.jsonl.gz" \
    --source "wcxb-dev=$data/wcxb-dev/html" \
    --source "wcxb-pages=$data/wcxb-dev/html"
