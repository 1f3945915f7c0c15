/* Matrix products of OpenBLAS, BLIS and oneDNN's sgemm, loaded at run time.
 *
 *   blas openblas|blis|onednn LIBRARY SECONDS < shapes
 *
 * One JSON object a line: a round of each shape and operation. What the library
 * chose for this CPU goes to standard error and into the rows. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "burst.h"

typedef void cblas_sgemm_t(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda,
	const float *b, int ldb, float beta, float *c, int ldc);
typedef int dnnl_sgemm_t(char ta, char tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
	const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

static cblas_sgemm_t *cblas;
static dnnl_sgemm_t *dnnl;

struct product {
	int ta, tb, m, k, n;
	const float *a, *b;
	float *c;
};

static void run(void *arg)
{
	const struct product *p = arg;
	int lda = p->ta ? p->m : p->k, ldb = p->tb ? p->k : p->n;
	if (dnnl)
		dnnl(p->ta ? 'T' : 'N', p->tb ? 'T' : 'N', p->m, p->n, p->k, 1, p->a, lda, p->b, ldb, 0, p->c, p->n);
	else
		cblas(101, p->ta ? 112 : 111, p->tb ? 112 : 111, p->m, p->n, p->k, 1, p->a, lda, p->b, ldb, 0, p->c, p->n);
}

static void *must(void *p, const char *what)
{
	if (!p) {
		fprintf(stderr, "blas: %s: %s\n", what, dlerror());
		exit(1);
	}
	return p;
}

/* The symbol under its own name, or under that of SciPy's OpenBLAS wheels. */
static void *symbol(void *lib, const char *name)
{
	char other[64];
	void *p = dlsym(lib, name);
	if (p)
		return p;
	snprintf(other, sizeof other, "scipy_%s", name);
	return dlsym(lib, other);
}

/* Loads the library, sets one thread and says which kernels it chose. */
static void load(const char *kind, const char *path, char *chose, size_t size)
{
	void *lib = must(dlopen(path, RTLD_NOW | RTLD_GLOBAL), path);
	if (!strcmp(kind, "openblas")) {
		cblas = (cblas_sgemm_t *)must(symbol(lib, "cblas_sgemm"), "cblas_sgemm");
		((void (*)(int))must(symbol(lib, "openblas_set_num_threads"), "openblas_set_num_threads"))(1);
		char *(*config)(void) = (char *(*)(void))must(symbol(lib, "openblas_get_config"), "openblas_get_config");
		char *(*core)(void) = (char *(*)(void))must(symbol(lib, "openblas_get_corename"), "openblas_get_corename");
		char version[32] = "";
		sscanf(config(), "OpenBLAS %31s", version);
		snprintf(chose, size, "%s %s", version, core());
	} else if (!strcmp(kind, "blis")) {
		cblas = (cblas_sgemm_t *)must(symbol(lib, "cblas_sgemm"), "cblas_sgemm");
		((void (*)(int64_t))must(symbol(lib, "bli_thread_set_num_threads"), "bli_thread_set_num_threads"))(1);
		int (*id)(void) = (int (*)(void))must(symbol(lib, "bli_arch_query_id"), "bli_arch_query_id");
		const char *(*name)(int) = (const char *(*)(int))must(symbol(lib, "bli_arch_string"), "bli_arch_string");
		const char *(*version)(void) = (const char *(*)(void))must(symbol(lib, "bli_info_get_version_str"), "version");
		snprintf(chose, size, "%s %s", version(), name(id()));
	} else if (!strcmp(kind, "onednn")) {
		struct version { int major, minor, patch; };
		dnnl = (dnnl_sgemm_t *)must(dlsym(lib, "dnnl_sgemm"), "dnnl_sgemm");
		int (*isa)(void) = (int (*)(void))must(dlsym(lib, "dnnl_get_effective_cpu_isa"), "isa");
		const struct version *(*version)(void) = (const struct version *(*)(void))must(dlsym(lib, "dnnl_version"), "version");
		snprintf(chose, size, "%d.%d.%d isa %#x", version()->major, version()->minor, version()->patch, (unsigned)isa());
	} else {
		fprintf(stderr, "blas: unknown library %s\n", kind);
		exit(2);
	}
	fprintf(stderr, "%s: %s\n", kind, chose);
}

static float *numbers(size_t n, unsigned seed)
{
	float *v = must(aligned_alloc(64, (n * sizeof *v + 63) / 64 * 64), "memory");
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525u + 1013904223u;
		v[i] = (float)(seed >> 8) / (1 << 24) - 0.5f;
	}
	return v;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: blas openblas|blis|onednn LIBRARY SECONDS < shapes\n");
		return 2;
	}
	static const char *names[] = {"NN", "NT", "TN"};
	double seconds = atof(argv[3]);
	char chose[128], line[256];
	load(argv[1], argv[2], chose, sizeof chose);
	while (fgets(line, sizeof line, stdin)) {
		int m, k, n;
		if (sscanf(line, "%dx%dx%d", &m, &k, &n) != 3)
			continue;
		float *a = numbers((size_t)m * k, 1), *b = numbers((size_t)k * n, 2), *c = numbers((size_t)m * n, 3);
		for (int op = 0; op < 3; op++) {
			struct product p = {op == 2, op == 1, m, k, n, a, b, c};
			struct figure f = measure(run, &p, 2.0 * m * k * n, seconds);
			printf("{\"kernel\":\"gemm\",\"peer\":\"%s\",\"version\":\"%s\",\"op\":\"%s\",\"shape\":\"%dx%dx%d\",\"ratio\":%.4f,"
			       "\"gflops\":%.2f,\"peak_gflops\":%.2f,\"pairs_kept\":%d}\n",
				argv[1], chose, names[op], m, k, n, f.ratio, f.gflops, f.peak, f.kept);
			fflush(stdout);
		}
		free(a);
		free(b);
		free(c);
	}
	return 0;
}
