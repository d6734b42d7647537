using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Candidates;
using DcpNas.Cli.Bench;
using DcpNas.Cli.Display;
using DcpNas.Cli.Jobs;
using DcpNas.Cli.Options;
using DcpNas.Export;
using DcpNas.Inference;
using DcpNas.Populations;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.Tasks.Classification;
using DcpNas.Training;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas quickstart</c>: search, training, export and benchmark on the embedded synthetic images, one after the other.</summary>
internal static class QuickstartCommand
{
    private const string SearchRecipe = "quickstart.json";
    private const string TrainRecipe = "quickstart-train.json";
    private const string RandomNetworks = "shapes.jsonl";
    private const int ProofImages = 32;
    private const double BenchSeconds = 0.5;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string?>("--run") { Description = "Run folder (default runs/quickstart, or runs/quickstart-seedN with --seed)", HelpName = "DIR" };
        var seed = WholeNumber.Optional<int>("--seed", "Seed of everything random (default 0)");
        var json = JsonOutput.Option();
        var command = new Command("quickstart", "Search, train, export and measure on small synthetic images: needs no data, ends in minutes on two cores.") { run, seed, json };
        command.SetAction(parsed =>
        {
            var number = parsed.GetValue(seed);
            Run(number ?? 0, parsed.GetValue(run) ?? Path.Combine("runs", number is null ? "quickstart" : $"quickstart-seed{number}"), parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Run(int seed, string folder, bool json)
    {
        var command = Invocation.CommandLine;
        var search = SearchSession.Run(SearchOptions.FromJson(Recipe.Read(SearchRecipe), SearchRecipe) with { Seed = seed }, folder, command);

        var trainFolder = Path.Combine(folder, RunFiles.TrainFolder);
        var options = TrainOptions.FromJson(Recipe.Read(TrainRecipe), TrainRecipe) with { Seed = seed };
        var choice = new SelectionOptions { Run = folder, Train = options };
        var selection = SelectionSession.Run(choice, command, WorkerOptions.OnAllCores(choice.Candidates));
        options = options with { Genotype = selection.Genotype.ToString() };
        var training = TrainCommand.Run(options, trainFolder, command);
        RunReport.Build(RunFolder.OpenForReading(folder)); // the page of the search tells of the training as well

        var place = PlaceOf(training);
        var model = Path.Combine(folder, "model.dcpnas");
        var export = ExportSession.Run(new ExportOptions { Model = trainFolder, Out = model, Images = ProofImages });
        var bench = BenchRun.Execute(
            ModelFile.Open(model), new BenchOptions { Threads = [1], Seconds = BenchSeconds, Against = BenchOptions.OnnxRuntime }, Console.Error.WriteLine, OnnxRuntimeBackend.Create);
        if (json)
        {
            JsonOutput.Print(new JsonObject
            {
                ["search"] = SearchSession.Describe(search, folder),
                ["select"] = selection.ToJson(),
                ["train"] = TrainCommand.Describe(training, trainFolder),
                ["percentile"] = place.Percentile,
                ["random_networks"] = place.Networks,
                ["export"] = export.ToJson(),
                ["bench"] = bench.ToJson(),
            });
            return;
        }

        SearchSession.Print(search);
        SearchSession.PrintDecision(search);
        SelectionSession.Print(selection);
        TrainCommand.Print(training);
        ExportSession.Print(export);
        Print(training, bench, bench.Comparison!);
        Terminal.Print(Text($"found     better than {place.Percentile:0} % of {place.Networks} random networks that were trained alike (mean {100 * place.Mean:0.0} %)"));
        SayWhatNext(folder, trainFolder, model);
    }

    /// <summary>The place of the network among random ones that were trained with the same recipe.</summary>
    private static (double Percentile, int Networks, double Mean) PlaceOf(TrainOutcome training)
    {
        var table = PopulationTable.Read(Recipe.Read(RandomNetworks), RandomNetworks);
        return (table.Percentile(training.Test["top1"]), table.Sample.Count, table.Accuracy.Mean);
    }

    /// <summary>What a newcomer wants to know of the network that was found.</summary>
    private static void Print(TrainOutcome training, BenchReport bench, PeerTiming peer)
    {
        var table = Terminal.NewTable(["network", "test top-1", "file bytes", "CPU ms per image"]);
        table.AddPlainRow(["1-bit, packed", Text($"{100 * training.Test["top1"]:0.0} % of {training.Test.Images}"), Text($"{bench.File.Bytes:N0}"), $"{peer.Packed}"]);
        foreach (var (numbers, times) in ((string, PeerNumbers)[])[("float32", peer.Float32), ("int8", peer.Int8)])
        {
            table.AddPlainRow([$"the same in {numbers}, {peer.Backend}", "not trained", Text($"{times.Bytes:N0}"), $"{times.Milliseconds}"]);
            table.AddPlainRow([$"ratio to {numbers}", "", Text($"{(double)times.Bytes / bench.File.Bytes:0.0}"), $"{times.Ratio}"]);
        }

        Terminal.Results.Write(table);
    }

    private static void SayWhatNext(string folder, string trainFolder, string model) => Console.Error.WriteLine($"""

        Next:
          open {Path.Combine(folder, RunFiles.Report)} in a browser: the search and what its network learned
          {Invocation.Name} evaluate {trainFolder}   every measure of the trained network
          {Invocation.Name} bench {model} --against onnxruntime   time per layer
          {Invocation.Name} photos DIR   the same on your own photos (CLASS/*.jpg)
        """);
}
