namespace DcpNas.Search;

/// <summary>The disk space of a search's run folder.</summary>
internal static class SearchDisk
{
    private const int CheckpointsAtOnce = 3; // the newest, the one before it, and one that is being written
    private const int BytesPerStep = 400;
    private const int BytesPerEpoch = 10_000;
    private const int ReportBytes = 2_000_000;
    private const double BytesPerParameter = 2 * sizeof(float); // its value and its momentum

    /// <summary>The most that the folder will hold, with checkpoints as large as their weights and momenta.</summary>
    public static long Bytes(SearchSetup setup)
    {
        var networks = setup.Networks;
        return Bytes(setup, (long)(Parameters(networks) * BytesPerParameter));
    }

    /// <summary>The most that the folder will hold.</summary>
    /// <param name="setup">The search.</param>
    /// <param name="checkpointBytes">One checkpoint before the first restart; a search without epochs writes none.</param>
    public static long Bytes(SearchSetup setup, long checkpointBytes)
    {
        var epochs = SearchSchedule.Plan(setup.Options).Count;
        var earlierSupernets = setup.Options.Selection == GenotypeSelection.Sampled ? (setup.Options.Restarts - 1) * Parameters(setup.Networks) * sizeof(float) : 0;
        return (epochs == 0 ? 0 : CheckpointsAtOnce * (checkpointBytes + earlierSupernets))
            + ((long)epochs * ((setup.Data.StepsPerEpoch * (long)BytesPerStep) + BytesPerEpoch)) + ReportBytes;
    }

    private static long Parameters(SearchNetworks networks) => networks.Parent.Network.parameters().Concat(networks.Child.Network.parameters()).Sum(parameter => parameter.numel());
}
