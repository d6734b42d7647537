using System.CommandLine;

namespace DcpNas.Cli.Commands;

/// <summary>A command whose options depend on the task.</summary>
/// <param name="name">What the user types.</param>
/// <param name="description">What it does.</param>
internal sealed class TaskCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lets the help show the options of the task that a command line names.</summary>
    public Action<ParseResult> BeforeHelp { get; set; } = _ => { };

    /// <summary>Prepares the help that a command line asks for.</summary>
    public static void Prepare(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is TaskCommand command)
        {
            command.BeforeHelp(parsed);
        }
    }
}
