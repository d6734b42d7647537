using System.CommandLine;
using DcpNas.Inference;
using DcpNas.Tasks;

namespace DcpNas.Cli.Commands;

/// <summary>The command groups of tasks, <c>dcpnas detect</c> and <c>dcpnas reid</c>, whose commands are aliases of those of all tasks.</summary>
internal static class TaskGroup
{
    /// <summary>The groups of the tasks that have one.</summary>
    /// <param name="more">Commands that a group has besides, by its name.</param>
    public static IEnumerable<Command> All(params IEnumerable<(string Group, Command Command)> more) => TaskTable.All.Where(row => row.Group is not null).Select(row =>
    {
        var group = new Command(row.Group!, $"{char.ToUpperInvariant(row.Title[0])}{row.Title[1..]}. train, evaluate and predict are aliases of the commands of all tasks.")
        {
            TrainCommand.Create(row),
            EvaluateCommand.Create(row),
            PredictCommand.Create(Predictors.Open, Predictors.Openable, $"Alias of {PredictCommand.Name}, for {row.Name}. ", row.Output),
        };
        foreach (var (_, command) in more.Where(pair => pair.Group == row.Group))
        {
            group.Add(command);
        }

        return group;
    });

    /// <summary>What the help of an alias says after the command that it is.</summary>
    /// <param name="command">The name of the command.</param>
    /// <param name="row">The task; null for the command itself.</param>
    public static string AliasHelp(string command, TaskRow? row) => row is null ? "" : $"Alias of {command} --task {row.Name}. ";

    /// <summary>The help of <c>--task</c> and the way to the options of another task.</summary>
    /// <param name="command">The name of the command.</param>
    public static string TasksHelp(string command) =>
        $"Tasks: {string.Join("; ", TaskTable.All.Select(row => $"{row.Name} ({row.Title})"))}. Options below are those of {TaskNames.Default}; of another task: {command} --task {TaskNames.All[1]} --help.";
}
