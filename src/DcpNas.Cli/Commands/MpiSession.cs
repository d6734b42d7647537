using DcpNas.Cli.Display;
using DcpNas.Distributed;
using DcpNas.Distributed.Mpi;

namespace DcpNas.Cli.Commands;

/// <summary>Runs a command as one of the processes that mpirun has started, where it has: rank 0 shows and writes, the others compute.</summary>
internal static class MpiSession
{
    private static readonly TimeSpan UntilOthersEnd = TimeSpan.FromSeconds(60);

    /// <summary>Runs the work of this process.</summary>
    /// <param name="work">The command, on every rank.</param>
    /// <returns>An exit code.</returns>
    public static int Run(Func<int> work)
    {
        if (MpiLauncher.Find() is not { } launcher)
        {
            return work();
        }

        MpiCollective ranks;
        try
        {
            ranks = MpiCollective.Join(launcher);
        }
        catch (InputException) when (launcher.Rank > 0)
        {
            return ExitCode.Unusable; // rank 0 says it
        }

        using var session = ranks;
        using var _ = Collective.Use(ranks);
        try
        {
            if (ranks.Rank == 0)
            {
                Console.Error.WriteLine($"MPI: {ranks.Description}.");
            }

            var code = work();
            if (ranks.Rank == 0)
            {
                Console.Error.WriteLine(Words.Text($"MPI: {ranks.Exchanges} exchanges, {ranks.BytesSent / 1e6:0.0} MB sent by each rank, {ranks.TimeInExchanges.TotalSeconds:0.0} s in them, slower ranks waited for included."));
            }

            ranks.Complete(Collective.LongPatience);
            return code;
        }
        catch (Exception error) when (error is RanksRefusedException or OperationCanceledException or DivergedException or RanksDisagreeException)
        {
            // All ranks end so, at the same step, and rank 0 says it once it has kept its state.
            var code = CommandLine.Judge(error)!.Value.Code;
            End(ranks, code);
            if (ranks.Rank == 0)
            {
                throw;
            }

            return code;
        }
        catch (Exception error) when (CommandLine.Judge(error) is { } verdict)
        {
            Console.Error.WriteLine($"dcpnas: rank {ranks.Rank} of {ranks.Ranks}: {verdict.Message}");
            ranks.Abort(verdict.Code);
            return verdict.Code;
        }
    }

    /// <summary>Computes along with rank 0 until it has come to its end.</summary>
    /// <param name="follow">The work; the token is cancelled by a signal.</param>
    public static int Follow(Action<CancellationToken> follow)
    {
        using var interruption = new Interruption(() => { });
        try
        {
            follow(interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.IsPause)
        {
            throw new PausedException();
        }

        return ExitCode.Done;
    }

    /// <summary>Ends all ranks where this one cannot read its command line: others may have read theirs, and wait.</summary>
    /// <param name="fault">What is wrong with it.</param>
    public static int Refuse(string fault) => Run(() => Collective.Current.Together<int>(() => throw new InputException(fault)));

    private static void End(MpiCollective ranks, int code)
    {
        try
        {
            ranks.Complete(UntilOthersEnd);
        }
        catch (RankLostException)
        {
            ranks.Abort(code);
        }
    }
}
