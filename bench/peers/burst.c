#include "burst.h"

#include <immintrin.h>
#include <stdlib.h>
#include <time.h>

enum { CHAINS = 12, TURNS = 25000, PAIRS = 4096, FEWEST = 3 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Twelve independent chains hide the latency of two multiply-add ports. One asm
 * block holds them all, so that every chain stays in its register; the & keeps the
 * compiler from giving a chain the register of the factor, which equals it. */
#define FMA(i) "vfmadd231ps %[z], %[z], %" #i "\n\t"
#define TURN FMA(0) FMA(1) FMA(2) FMA(3) FMA(4) FMA(5) FMA(6) FMA(7) FMA(8) FMA(9) FMA(10) FMA(11)
#define CHAIN(r) r(c[0]), r(c[1]), r(c[2]), r(c[3]), r(c[4]), r(c[5]), \
	r(c[6]), r(c[7]), r(c[8]), r(c[9]), r(c[10]), r(c[11])

__attribute__((target("avx2,fma"))) static double burst256(void)
{
	__m256 c[CHAINS] = {0}, zero = {0};
	long n = TURNS;
	double start = now();
	__asm__ volatile(".p2align 6\n1:\n\t" TURN "dec %[n]\n\tjnz 1b" : CHAIN("+&x"), [n] "+r"(n) : [z] "x"(zero) : "cc");
	return CHAINS * 16.0 * TURNS / (now() - start) / 1e9;
}

__attribute__((target("avx512f"))) static double burst512(void)
{
	__m512 c[CHAINS] = {0}, zero = {0};
	long n = TURNS;
	double start = now();
	__asm__ volatile(".p2align 6\n1:\n\t" TURN "dec %[n]\n\tjnz 1b" : CHAIN("+&v"), [n] "+r"(n) : [z] "v"(zero) : "cc");
	return CHAINS * 32.0 * TURNS / (now() - start) / 1e9;
}

double burst(void)
{
	return __builtin_cpu_supports("avx512f") ? burst512() : burst256();
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, ascending);
	return v[n / 2];
}

struct figure measure(void (*f)(void *), void *arg, double flops, double seconds)
{
	static double ratio[PAIRS], rate[PAIRS], peak[PAIRS];
	struct figure r = {0};
	f(arg);
	double start = now();
	f(arg);
	double once = now() - start;
	int repeat = once > 0 && once < 2e-4 ? (int)(2e-4 / once) : 1;
	double before = burst(), end = now() + seconds;
	while (r.kept < PAIRS && (now() < end || r.all < FEWEST)) {
		start = now();
		for (int i = 0; i < repeat; i++)
			f(arg);
		double took = now() - start, after = burst();
		r.all++;
		if (before < 1.03 * after && after < 1.03 * before) {
			rate[r.kept] = flops * repeat / took / 1e9;
			peak[r.kept] = (before + after) / 2;
			ratio[r.kept] = rate[r.kept] / peak[r.kept];
			r.kept++;
		}
		before = after;
	}
	if (r.kept) {
		r.ratio = median(ratio, r.kept);
		r.gflops = median(rate, r.kept);
		r.peak = median(peak, r.kept);
	}
	return r;
}
