package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newCompletion(s streams) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion <shell>",
		Short: "Print a script that completes readmit's commands",
		Long:  "Prints a script for bash, zsh, fish or powershell that completes readmit's commands.",
		Example: `  readmit completion bash > ~/.local/share/bash-completion/completions/readmit
  readmit completion fish > ~/.config/fish/completions/readmit.fish`,
		ValidArgs:             shells,
		DisableFlagsInUseLine: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs)(cmd, args); err != nil {
				return usageError{cmd, hinted{fmt.Errorf("completion takes one shell"), "use one of: bash, zsh, fish, powershell"}}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(s.out, true)
			case "zsh":
				return root.GenZshCompletion(s.out)
			case "fish":
				return root.GenFishCompletion(s.out, true)
			}
			return root.GenPowerShellCompletionWithDesc(s.out)
		},
	}
}
