#!/bin/sh
# Rebuild the public part of the training data: scripts/corpus.sh DATA OUT.jsonl.gz
# DATA is laid out as corpus/README.md says; what is not there is named, and left out.
set -eu
data=$1
set -- corpus build corpus/public --out "$2"
for source in \
    allsides=annotated/allsides.jsonl \
    fakenewscorpus-sample=annotated/fakenewscorpus-sample.jsonl \
    horne2017=annotated/horne2017.jsonl \
    news-pages=annotated/news-pages.jsonl \
    wcxb-dev=annotated/wcxb-dev.jsonl \
    allsides=allsides/articles.jsonl.gz \
    wcxb-dev=wcxb-dev/html \
    wcxb-pages=wcxb-dev/html
do
    path=$data/${source#*=}
    if [ -e "$path" ]; then
        set -- "$@" --source "${source%%=*}=$path"
    else
        echo "left out, as it is not there: ${source%%=*}=$path" >&2
    fi
done
exec cleaner "$@"
