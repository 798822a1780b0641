# Runs the console blocks of the README on the demo's corpora. A line that begins with "$ " is a command;
# the lines after it are its standard output. The output depends on fused multiply-add, so the test is
# skipped for tables of kernels without it, and for slow ones.

readme=$PWD/README.md
generator=$PWD/${BUILD:-build/release}/gen_corpus
data=$PWD/data
. "${0%/*}/lib.sh"

case ${BUILD:-build/release}:${W2V_SIMD:-} in
*/release: | */release:avx512 | */release:avx2 | */release:neon) ;;
*)
    skipped "README's examples" "not in this flavour"
    exit 0
    ;;
esac
"$generator" "$data" . >/dev/null || exit 1
mkdir bin && ln -s "$w2v" bin/w2v
PATH=$PWD/bin:$PATH

# Collects the blocks in one file.
awk '/^```console$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$readme" >blocks
n=$(grep -c '^\$ ' blocks)
i=0
while [ "$i" -lt "$n" ]; do
    i=$((i + 1))
    awk -v i="$i" '/^\$ / { n++; if (n == i) print substr($0, 3) }' blocks >command
    awk -v i="$i" '/^\$ / { n++; next } n == i' blocks >want
    sh ./command >got 2>err
    status=$?
    name="README: $(cat command)"
    if [ "$status" -ne 0 ]; then
        failed "$name" "exit status $status: $(head -n 1 err)"
    elif cmp -s want got; then
        passed "$name"
    else
        failed "$name" "prints otherwise: $(diff want got | head -n 6)"
    fi
done
holds "README has examples" test "$n" -ge 10
command=$(sed -n 's/.*The picture above is `\(w2v map [^`]*\)`.*/\1/p' "$readme")
check "README: $command" 0 -e '^map.svg: 350 words' -- sh -c "$command"
holds "is README's picture" cmp map.svg "$data/map.svg"
finish
