#!/usr/bin/env bash
# Measures gopcn against other programs on this machine and writes
# docs/benchmarks.md with the raw rows in docs/benchmarks/.
#
#   bench/peers/run.sh [--quick] [--only gemm|train] [--nets LIST] [--rounds N] [--env FOLDER] [--out FOLDER]
#
# --nets trains these networks alone, with commas between them, and keeps the rows
# of the others.
# --env is where Python environments and programs are made and found again
# (default: a temporary folder, removed at the end). About 7 GB: PyTorch's wheels
# bring CUDA along. Debian packages are installed if this is root.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

quick='' only='' nets='' rounds='' env='' out="$root/docs"
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=--quick; shift ;;
    --only) only=$2; shift 2 ;;
    --nets) only=train nets=$2; shift 2 ;;
    --rounds) rounds=$2; shift 2 ;;
    --env) env=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done
case $only in '' | gemm | train) ;; *) echo "--only takes gemm or train" >&2; exit 2 ;; esac
rounds=${rounds:-$([ -n "$quick" ] && echo 2 || echo 5)}

# What cannot be had from PyPI.
missing=()
for package in gcc g++ python3-venv libopenblas0-pthread libblis4-openmp; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  get="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    echo "missing: ${missing[*]}; get them with: $get" >&2
    exit 1
  fi
  apt-get update -qq
  $get
fi

if [ -z "$env" ]; then
  env=$(mktemp -d)
  trap 'rm -rf "$env"' EXIT
fi
mkdir -p "$env" "$out/benchmarks"
env=$(cd "$env" && pwd)

# One environment for PyTorch and JAX and one for PCX, which needs an older JAX.
venv() { # NAME REQUIREMENTS
  [ -e "$env/$1/complete" ] && return
  "${PYTHON:-python3}" -m venv "$env/$1" &&
    "$env/$1/bin/pip" install -q -r "$here/$2" &&
    touch "$env/$1/complete"
}
venv current requirements.txt
if venv pcx requirements-pcx.txt; then
  export PEERS_PCX_PYTHON="$env/pcx/bin/python"
else
  echo "PCX does not install here; it is left out" >&2
fi

# The newest oneDNN, whose primitives want a SYCL device but whose sgemm does not.
venv onednn requirements-onednn.txt || echo "the newest oneDNN does not install here; it is left out" >&2

site=$("$env/current/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
lib="$env/current/lib"
export PEERS_PYTHON="$env/current/bin/python" PEERS_BENCH="$env/bench" PEERS_GONUM="$env/gonum" PEERS_BLAS="$env/blas" \
  PEERS_MATMUL="$env/matmul" PEERS_BURST="$env/libburst.so" PEERS_ONEDNN="$lib"
go build -C "$root" -o "$env/bench" ./bench
go build -C "$here" -o "$env/gonum" ./gonum
warn=(-O2 -Wall -Wextra)
gcc "${warn[@]}" "$here/burst.c" "$here/blas.c" -o "$env/blas" -ldl
gcc "${warn[@]}" -I"$env/current/include" "$here/burst.c" "$here/matmul.c" -o "$env/matmul" -L"$lib" -ldnnl
gcc "${warn[@]}" -shared -fPIC "$here/burst.c" -o "$env/libburst.so"
debian=/usr/lib/$(gcc -print-multiarch)
PEERS_BLAS_LIBRARIES="openblas=$debian/openblas-pthread/libopenblas.so.0;openblas=$site/scipy_openblas32/lib/libscipy_openblas.so"
PEERS_BLAS_LIBRARIES+=";blis=$debian/blis-openmp/libblis.so.4;onednn=$lib/libdnnl.so.3"
[ -e "$env/onednn/complete" ] && PEERS_BLAS_LIBRARIES+=";onednn=$env/onednn/lib/libdnnl.so.3"
export PEERS_BLAS_LIBRARIES

# Libraries that do not know this CPU are told; rows say what they chose. BLIS 0.9
# takes the number of a configuration, of which 0 is skx, and knows other CPUs.
model=$(awk -F': ' '/^model name/ {print $2; exit}' /proc/cpuinfo)
export PEERS_ISA=avx2
if grep -qw avx512f /proc/cpuinfo; then
  PEERS_ISA=avx512
  export OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-SkylakeX} BLIS_ARCH_TYPE=${BLIS_ARCH_TYPE:-0}
elif grep -q AuthenticAMD /proc/cpuinfo; then
  export OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-Zen}
else
  export OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-Haswell}
fi
family=$(awk -F": " '/^cpu family/ {f = $2} /^model\t/ {print "family " f ", model " $2; exit}' /proc/cpuinfo)
export CPU_MODEL="$model ($family)"
load=$(cut -d' ' -f1 /proc/loadavg)
awk -v l="$load" 'BEGIN {exit !(l > 0.7)}' && echo "warning: the load of this machine is $load; figures of a busy machine mean little" >&2

cd "$here"
if [ "$only" != train ]; then
  "$PEERS_PYTHON" drive.py gemm "$out/benchmarks" $quick --rounds "$rounds"
fi
if [ "$only" != gemm ]; then
  # The same algorithm first: a comparison of different work would be worthless.
  dump=$(mktemp -d)
  checked=mlp4,mlp17,vgg5-0.25
  [ -n "$quick" ] || checked+=,vgg9-0.25,resnet18-0.25,vgg5-1,vgg9-1
  "$PEERS_BENCH" -run train -net "$checked" -rounds 1 -time 1ms -dump "$dump" >/dev/null
  {
    "$PEERS_PYTHON" check.py golden "$root/pcn/testdata/golden" &&
      "$PEERS_PYTHON" check.py dump "$dump"
  } >"$out/benchmarks/checks.jsonl" || echo "warning: the programs do not agree; the report says where" >&2
  rm -r "$dump"
  "$PEERS_PYTHON" drive.py train "$out/benchmarks" $quick --rounds "$rounds" --nets "$nets"
fi
"$PEERS_PYTHON" report.py "$out/benchmarks" >"$out/benchmarks.md"
echo "wrote $out/benchmarks.md" >&2
