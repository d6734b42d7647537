using System.CommandLine;
using DcpNas.Cli.Bench;
using DcpNas.Cli.Commands;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Inference;

namespace DcpNas.Cli;

/// <summary>The commands of the whole tool.</summary>
internal static class AllCommands
{
    /// <summary>The parser of every command and option.</summary>
    public static RootCommand Root()
    {
        var root = OfAllTasks();
        foreach (var group in TaskGroup.All(("reid", ReidRankCommand.Create())))
        {
            root.Add(ImageLimit.On(group));
        }

        return root;
    }

    private static RootCommand OfAllTasks() => new("Searches and trains 1-bit convolutional networks (DCP-NAS). Results go to stdout, all else to stderr.")
    {
        ImageLimit.On(SearchCommand.Create()),
        ImageLimit.On(TrainCommand.Create()),
        ImageLimit.On(ExportCommand.Create()),
        InspectCommand.Create((Chips.Option(), Chips.Describe)),
        ModelsCommand.Create(),
        ImageLimit.On(PredictCommand.Create(Predictors.Open, Predictors.Openable)),
        BenchCommand.Create(OnnxRuntimeBackend.Create),
        QuickstartCommand.Create(),
        ImageLimit.On(PhotosCommand.Create()),
        ImageLimit.On(PlanCommand.Create()),
        GenotypeCommand.Create(),
        CostCommand.Create(),
        ImageLimit.On(EvaluateCommand.Create()),
        ImageLimit.On(FeaturesCommand.Create()),
        ImageLimit.On(CompareCommand.Create()),
        ImageLimit.On(PopulationCommand.Create()),
        ImageLimit.On(JobCommand.Create()),
        ImageLimit.On(RankCommand.Create()),
        ImageLimit.On(SelectCommand.Create()),
        ReportCommand.Create(),
        WatchCommand.Create(),
        ImageLimit.On(DataCommand.Create()),
        ConformanceCommand.Create(),
        DoctorCommand.Create(),
    };
}
