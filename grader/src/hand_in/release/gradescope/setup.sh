#!/usr/bin/env bash
# Gradescope runs this once, with a network, while it builds the image: Rust, the grader, and every library of students' programs.
set -euo pipefail
course=${AUTOGRADER:-/autograder}/source/course
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends build-essential ca-certificates curl
curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain none
. "$HOME/.cargo/env"
cd "$course"
cargo build --package grader

# Every exercise begun and none solved: what compiles here need not compile in a student's ten minutes.
warm=$(mktemp -d)
mkdir "$warm/all"
cp -r lectures "$warm/all/lectures"
find "$warm/all" -name '*.rs' -exec sed -i 's/\btodo!(/unimplemented!(/' {} +
target/debug/grader grade --seed 1 --isolation light --out "$warm/out" "$warm/all" || true
rm -rf "$warm"
