using DcpNas.Cli.Display;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>evaluate</c>, <c>features</c> and <c>rank</c> share: one pass with a view and signals; nothing is left of a stopped one.</summary>
internal static class EvaluationSession
{
    /// <summary>Runs a pass to its end.</summary>
    /// <typeparam name="T">What it leaves.</typeparam>
    /// <param name="name">What the progress bar calls it.</param>
    /// <param name="work">The pass; is given what takes in images done and images in all.</param>
    /// <exception cref="OperationCanceledException">A user has stopped it; that nothing was written was printed.</exception>
    public static T Run<T>(string name, Func<Action<int, int>, CancellationToken, T> work) => Run(name, (progress, _, cancel) => work(progress, cancel), "images");

    /// <summary>Runs a pass that may have something to say to its end.</summary>
    /// <inheritdoc cref="Run{T}(string, Func{Action{int, int}, CancellationToken, T})"/>
    /// <param name="name">What the progress bar calls it.</param>
    /// <param name="work">The pass; is given what takes in progress, and what takes in warnings.</param>
    /// <param name="unit">What is counted.</param>
    public static T Run<T>(string name, Func<Action<int, int>, Action<string>, CancellationToken, T> work, string unit)
    {
        var view = IProgressView.Create();
        using var interruption = new Interruption(() => view.Say("Stopping after this step."));
        T? outcome = default;
        try
        {
            view.Run(name, () =>
            {
                var status = new PassStatus(name, unit);
                outcome = work((done, all) => view.Update(status.At(done, all)), text => view.Say($"warning: {text}", Tone.Alarming), interruption.Token);
            });
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped. Nothing was written.");
            throw;
        }

        return outcome!;
    }
}
