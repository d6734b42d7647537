using DcpNas.Cli.Display;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>evaluate</c> and <c>features</c> share: one pass over images with a view and signals; nothing is left of a stopped one.</summary>
internal static class EvaluationSession
{
    /// <summary>Runs a pass to its end.</summary>
    /// <typeparam name="T">What it leaves.</typeparam>
    /// <param name="name">What the progress bar calls it.</param>
    /// <param name="work">The pass; is given what takes in images done and images in all.</param>
    /// <exception cref="OperationCanceledException">A user has stopped it; that nothing was written was printed.</exception>
    public static T Run<T>(string name, Func<Action<int, int>, CancellationToken, T> work)
    {
        var view = IProgressView.Create();
        using var interruption = new Interruption(() => view.Say("Stopping after this batch."));
        T? outcome = default;
        try
        {
            view.Run(name, () =>
            {
                var status = new PassStatus(name);
                outcome = work((done, all) => view.Update(status.At(done, all)), interruption.Token);
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
