using DcpNas.Cli.Display;
using DcpNas.Runs;

namespace DcpNas.Cli.Commands;

/// <summary>What all commands that work in a run folder share: a view of the work, signals, and what is said at the end.</summary>
internal static class RunSession
{
    /// <summary>Runs work that can be resumed to its end.</summary>
    /// <typeparam name="T">What it leaves.</typeparam>
    /// <param name="name">What the progress bar calls it.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="command">The command line that resumes it.</param>
    /// <param name="work">The work, under a view; the token is cancelled by Ctrl+C.</param>
    /// <exception cref="OperationCanceledException">A user has stopped it; the way to resume was printed.</exception>
    public static T Run<T>(string name, string folder, string command, Func<IProgressView, CancellationToken, T> work)
        where T : class
    {
        var view = IProgressView.Create();
        using var interruption = new Interruption(() => view.Say("Stopping after this step, with a checkpoint. Ctrl+C again ends at once."));
        T? outcome = null;
        var wasFinished = IsFinished(folder);
        try
        {
            view.Run(name, () => outcome = work(view, interruption.Token));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"Stopped with a checkpoint. Resume with:\n  {command}");
            if (interruption.IsPause)
            {
                throw new PausedException();
            }

            throw;
        }

        if (wasFinished)
        {
            Console.Error.WriteLine($"{folder}: this run was finished before; here is its result. For a new run name another folder with --run.");
        }

        return outcome!;
    }

    private static bool IsFinished(string folder) => RunHistory.In(folder).IsFinished;
}
