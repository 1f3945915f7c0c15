/* A kernel's speed as a share of what its core could do at that moment.
 *
 * The same method as package tune/measure: short runs of the kernel between
 * bursts of register-only multiply-adds on the same thread; the ratio to the
 * mean of the two bursts counts, and a pair whose bursts differ by more than 3 %
 * is dropped. */
#ifndef PEERS_BURST_H
#define PEERS_BURST_H

/* The peak of this thread now, in GFLOP/s, on the widest registers it has. */
double burst(void);

/* A round of a kernel: medians over the pairs kept. ratio is 0 if none was. */
struct figure {
	double ratio, gflops, peak;
	int kept, all;
};

/* Runs f(arg), of flops operations a call, for about `seconds`. */
struct figure measure(void (*f)(void *), void *arg, double flops, double seconds);

#endif
