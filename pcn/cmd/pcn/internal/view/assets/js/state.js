"use strict";

// What the page knows: lists of events by kind, each an extract of bounded
// length, how far the run is, and how it ended (null: it has not).
const emptyState = () => ({ lists: {}, progress: null, end: null });

// apply brings a state up to date.
function apply(state, update) {
  for (const [kind, { from, list }] of Object.entries(update.lists ?? {})) {
    state.lists[kind] = [...(state.lists[kind] ?? []).slice(0, from), ...list];
  }
  state.progress = update.progress ?? state.progress;
  state.end = update.end ?? null;
}

// Points come as [seed, epoch, loss, accuracy, samples per second].
const pointOf = ([seed, epoch, loss, accuracy, speed]) => ({ seed, epoch, loss, accuracy, speed });

// view arranges a state for drawing: the seed under way apart from the others.
function view(state) {
  const { lists, progress, end } = state;
  const start = lists.start?.at(-1);
  const epochs = lists.epoch ?? [];
  const points = (lists.point ?? []).map(pointOf);
  const seed = progress?.seed ?? epochs.at(-1)?.seed;
  const others = new Map();
  for (const e of epochs) {
    if (e.seed !== seed) others.set(e.seed, [...(others.get(e.seed) ?? []), e]);
  }
  const ofSeed = (e) => e.seed === seed;
  return {
    start,
    settings: start?.settings ?? {},
    warnings: lists.warning ?? [],
    progress,
    end,
    seed,
    epochs: epochs.filter(ofSeed),
    points: points.filter(ofSeed),
    relaxations: (lists.relaxation ?? []).filter(ofSeed),
    best: lists.best?.find(ofSeed),
    others: [...others.values()],
    allEpochs: epochs,
    runs: lists.run ?? [],
    summary: lists.summary?.at(-1),
    // The test accuracy of this seed once it is over.
    test: lists.run?.find(ofSeed)?.test_accuracy ?? (start?.settings.seeds === 1 ? end?.test_accuracy : undefined),
    total: start?.settings.epochs ?? progress?.epochs ?? 1,
  };
}
