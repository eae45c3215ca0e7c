#!/bin/bash -eu
# Builds every target into $OUT, with its seeds, dictionary and options, for whatever fuzzing engine and sanitizer
# $CC, $CXX, $CFLAGS, $CXXFLAGS and $LIB_FUZZING_ENGINE stand for. $SRC/wsproof is the tree. $WSPROOF_TARGETS: some only.
tree=${WSPROOF_TREE:-$SRC/wsproof}
build=${WORK:-$SRC}/wsproof-build

cmake -S "$tree" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_EXE_LINKER_FLAGS=-Wl,--as-needed \
    -DOPENSSL_USE_STATIC_LIBS=ON -DZLIB_USE_STATIC_LIBS=ON \
    -DWSPROOF_TESTS=OFF -DWSPROOF_FUZZ_OTHERS=OFF -DWSPROOF_FUZZ_ENGINE="$LIB_FUZZING_ENGINE"
cmake --build "$build" --target ${WSPROOF_TARGETS:-fuzz_targets} ${JOBS:+-j "$JOBS"}

for source in "$tree"/fuzz/targets/*.cpp; do
    name=$(basename "$source" .cpp)
    [[ -x $build/fuzz/fuzz_$name ]] || continue # those that need other implementations
    cp "$build/fuzz/fuzz_$name" "$OUT/"
    [[ -d $tree/fuzz/corpus/$name ]] && (cd "$tree/fuzz/corpus/$name" && zip -qr "$OUT/fuzz_${name}_seed_corpus.zip" .)
    {
        echo "[libfuzzer]"
        echo "max_len = 4096"
        echo "timeout = 10"
    } >"$OUT/fuzz_$name.options"
    if [[ -f $tree/fuzz/dict/$name.dict ]]; then
        cp "$tree/fuzz/dict/$name.dict" "$OUT/fuzz_$name.dict"
        echo "dict = fuzz_$name.dict" >>"$OUT/fuzz_$name.options"
    fi
done
