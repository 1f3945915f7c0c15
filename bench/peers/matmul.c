/* oneDNN's matmul primitive: weights as they are and in the layout it prefers,
 * with bias and a fused activation.
 *
 *   matmul SECONDS < shapes
 *
 * One JSON object a line. "packed" weights are reordered before the clock runs,
 * as they are in training, where one packing serves all relaxation steps. */
#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "burst.h"

static void check(dnnl_status_t s, const char *what)
{
	if (s != dnnl_success) {
		fprintf(stderr, "matmul: %s: status %d\n", what, (int)s);
		exit(1);
	}
}
#define CHECK(call) check(call, #call)

static dnnl_engine_t engine;
static dnnl_stream_t stream;

struct call {
	dnnl_primitive_t primitive;
	dnnl_exec_arg_t args[4];
	int count;
};

static void run(void *arg)
{
	struct call *c = arg;
	CHECK(dnnl_primitive_execute(c->primitive, stream, c->count, c->args));
	CHECK(dnnl_stream_wait(stream));
}

static dnnl_memory_desc_t describe(long rows, long cols, dnnl_format_tag_t tag)
{
	dnnl_dims_t dims = {rows, cols};
	dnnl_memory_desc_t d;
	CHECK(dnnl_memory_desc_create_with_tag(&d, 2, dims, dnnl_f32, tag));
	return d;
}

/* Memory of a layout, filled; a blocked layout's padding may hold anything. */
static dnnl_memory_t filled(const_dnnl_memory_desc_t d, unsigned seed)
{
	dnnl_memory_t m;
	void *p;
	CHECK(dnnl_memory_create(&m, d, engine, DNNL_MEMORY_ALLOCATE));
	CHECK(dnnl_memory_get_data_handle(m, &p));
	float *v = p;
	for (size_t i = 0; i < dnnl_memory_desc_get_size(d) / sizeof *v; i++) {
		seed = seed * 1664525u + 1013904223u;
		v[i] = (float)(seed >> 8) / (1 << 24) - 0.5f;
	}
	return m;
}

struct activation {
	const char *name;
	dnnl_alg_kind_t kind;
};

static void product(const char *version, const char *op, long m, long k, long n, int packed, const struct activation *act, double seconds)
{
	dnnl_memory_desc_t src = describe(m, k, op[0] == 'T' ? dnnl_ba : dnnl_ab);
	dnnl_memory_desc_t weights = describe(k, n, packed ? dnnl_format_tag_any : op[1] == 'T' ? dnnl_ba : dnnl_ab);
	dnnl_memory_desc_t bias = describe(1, n, dnnl_ab), dst = describe(m, n, dnnl_ab);
	dnnl_primitive_attr_t attr;
	CHECK(dnnl_primitive_attr_create(&attr));
	if (act->kind != dnnl_alg_kind_undef) {
		dnnl_post_ops_t ops;
		CHECK(dnnl_post_ops_create(&ops));
		CHECK(dnnl_post_ops_append_eltwise(ops, act->kind, 0, 0));
		CHECK(dnnl_primitive_attr_set_post_ops(attr, ops));
		CHECK(dnnl_post_ops_destroy(ops));
	}
	int biased = strcmp(act->name, "none") != 0;
	dnnl_primitive_desc_t pd;
	CHECK(dnnl_matmul_primitive_desc_create(&pd, engine, src, weights, biased ? bias : NULL, dst, attr));
	struct call c = {.count = biased ? 4 : 3};
	CHECK(dnnl_primitive_create(&c.primitive, pd));
	const char *chose = "";
	CHECK(dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, (void *)&chose));
	c.args[0] = (dnnl_exec_arg_t){DNNL_ARG_SRC, filled(src, 1)};
	c.args[1] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, filled(dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0), 2)};
	c.args[2] = (dnnl_exec_arg_t){DNNL_ARG_DST, filled(dst, 3)};
	c.args[3] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, filled(bias, 4)};
	struct figure f = measure(run, &c, 2.0 * (double)m * (double)k * (double)n, seconds);
	printf("{\"kernel\":\"%s\",\"peer\":\"onednn matmul\",\"version\":\"%s %s\",\"op\":\"%s\",\"shape\":\"%ldx%ldx%ld\",\"packed\":%s,"
	       "\"act\":\"%s\",\"ratio\":%.4f,\"gflops\":%.2f,\"peak_gflops\":%.2f,\"pairs_kept\":%d}\n",
		biased ? "fused" : "gemm", version, chose, op, m, k, n, packed ? "true" : "false", act->name, f.ratio, f.gflops, f.peak, f.kept);
	fflush(stdout);
	for (int i = 0; i < 4; i++)
		CHECK(dnnl_memory_destroy(c.args[i].memory));
	CHECK(dnnl_primitive_destroy(c.primitive));
	CHECK(dnnl_primitive_desc_destroy(pd));
	CHECK(dnnl_primitive_attr_destroy(attr));
	CHECK(dnnl_memory_desc_destroy(src));
	CHECK(dnnl_memory_desc_destroy(weights));
	CHECK(dnnl_memory_desc_destroy(bias));
	CHECK(dnnl_memory_desc_destroy(dst));
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: matmul SECONDS < shapes\n");
		return 2;
	}
	static const char *ops[] = {"NN", "NT", "TN"};
	static const struct activation none = {"none", dnnl_alg_kind_undef};
	static const struct activation fused[] = {
		{"relu", dnnl_eltwise_relu}, {"tanh", dnnl_eltwise_tanh}, {"gelu", dnnl_eltwise_gelu_tanh}};
	double seconds = atof(argv[1]);
	char version[32], line[256];
	const dnnl_version_t *v = dnnl_version();
	snprintf(version, sizeof version, "%d.%d.%d", v->major, v->minor, v->patch);
	CHECK(dnnl_engine_create(&engine, dnnl_cpu, 0));
	CHECK(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
	while (fgets(line, sizeof line, stdin)) {
		long m, k, n;
		if (sscanf(line, "%ldx%ldx%ld", &m, &k, &n) != 3)
			continue;
		for (int op = 0; op < 3; op++)
			for (int packed = 0; packed < 2; packed++)
				product(version, ops[op], m, k, n, packed, &none, seconds);
		/* Fused activations in the layer's own form, u = f(x W^T + b). */
		for (int a = 0; a < 3; a++)
			product(version, "NT", m, k, n, 1, &fused[a], seconds);
	}
	CHECK(dnnl_stream_destroy(stream));
	CHECK(dnnl_engine_destroy(engine));
	return 0;
}
