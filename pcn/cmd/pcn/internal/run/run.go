// Package run turns what a user wants trained into a training run: settings, by
// flag or JSON name, are completed and checked, become a network, a pcn.Config
// and data sets, and are trained with one seed or several.
//
//	s := run.Defaults()
//	err := s.Set("rule", "bp") // as the flag -rule
//	task, err := run.NewTask(s)
//	result, err := task.Train(ctx, s.Seed, run.Hooks{})
//
// RunIn trains with all seeds in a folder, from which a later process goes on to
// the same bits whatever has ended this one.
//
// Errors that the user must mend by other settings are a cli.UsageError.
package run
