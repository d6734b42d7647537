using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Candidates;
using DcpNas.Cli.Display;
using DcpNas.Cli.Jobs;
using DcpNas.Cli.Options;
using DcpNas.Data;
using DcpNas.Export;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.Tasks.Classification;
using DcpNas.Training;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas photos</c>: check, plan, search, training and export on a folder of photos, one after the other; the same command goes on after any end.</summary>
internal static class PhotosCommand
{
    private const string SearchRecipe = "photos-search.json";
    private const string TrainRecipe = "photos-train.json";
    private const int ProofImages = 32;
    private const int Candidates = 4;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var photos = new Argument<string>("photos") { Description = "Folder of photos: CLASS/*, or train/CLASS/* and val/CLASS/*, or images with labels.csv", HelpName = "DIR" };
        var run = new Option<string?>("--run") { Description = "Run folder (default runs/photos-NAME, by the name of the folder); the same command in the same folder resumes", HelpName = "DIR" };
        var seed = WholeNumber.Option("--seed", "Seed of everything random (default 0)", 0);
        var size = WholeNumber.Optional<int>("--image-size", "Side in pixels of the images that the network sees; 32 to 1024 (default 96)");
        var epochs = WholeNumber.Optional<int>("--epochs", "Passes over the photos in each of the two steps of training (default 32)");
        var backbone = new Option<string?>("--backbone") { Description = "Run or checkpoint whose backbone the training starts from; its genotype is taken, nothing is searched", HelpName = "RUN" };
        var force = new Option<bool>("--force") { Description = "Start also where memory or disk will not do" };
        var json = JsonOutput.Option();
        var command = new Command("photos", "Check, plan, search, train and export on a folder of own photos: some hundred of them within 8 GB and an hour on two cores.")
        {
            photos, run, seed, size, epochs, backbone, force, json,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(photos);
            var train = TrainOptions.FromJson(Recipe.Read(TrainRecipe), TrainRecipe) with { Seed = parsed.GetValue(seed), Backbone = parsed.GetValue(backbone) };
            train = parsed.GetValue(size) is { } side ? train with { ImageSize = side, ResizeTo = side * 9 / 8 } : train;
            train = parsed.GetValue(epochs) is { } passes ? train with { Epochs = passes, Step1Epochs = passes } : train;
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
            Run(folder, parsed.GetValue(run) ?? Path.Combine("runs", $"photos-{name}"), train, parsed.GetValue(force), parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Run(string photos, string folder, TrainOptions train, bool force, bool json)
    {
        var command = Invocation.CommandLine;
        OutputGuard.Outside(folder, photos, "--run");
        var (data, classes) = Check(photos);
        train = train with { Data = data, BatchSize = Batch(train.BatchSize, classes.Sum(images => images - HoldOutSplit.HeldOf(images, train.ValidationShare))) };
        SearchOutcome? search = null;
        SelectionOutcome? selection = null;
        if (train.Backbone is { } backbone)
        {
            LibTorch.Load();
            using var model = TrainedModel.Load(backbone);
            var network = model.Info.Network;
            train = train with { Architecture = network.Architecture, Genotype = network.Genotype?.ToString(), Channels = network.Channels, Cells = network.Cells, Stem = network.Stem, StemMultiplier = network.StemMultiplier };
        }
        else
        {
            var options = SearchOptions.FromJson(Recipe.Read(SearchRecipe), SearchRecipe) with { Data = data, Seed = train.Seed };
            options = options with { BatchSize = Batch(options.BatchSize, classes.Sum() / 2) };
            Plan(options, folder, force);
            search = SearchSession.Run(options, folder, command);
            selection = SelectionSession.Run(new SelectionOptions { Run = folder, Candidates = Candidates, Train = train }, command, WorkerOptions.OneByOne);
            train = train with { Genotype = selection.GenotypePath };
        }

        var trainFolder = Path.Combine(folder, RunFiles.TrainFolder);
        var training = TrainCommand.Run(train, trainFolder, command);
        if (search is not null)
        {
            RunReport.Build(RunFolder.OpenForReading(folder)); // the page of the search tells of the training as well
        }

        var path = Path.Combine(folder, "model.dcpnas");
        var export = ExportSession.Run(new ExportOptions { Model = trainFolder, Out = path, Images = ProofImages });
        if (json)
        {
            JsonOutput.Print(new JsonObject
            {
                ["search"] = search is null ? null : SearchSession.Describe(search, folder),
                ["select"] = selection?.ToJson(),
                ["train"] = TrainCommand.Describe(training, trainFolder),
                ["export"] = export.ToJson(),
            });
            return;
        }

        if (search is not null)
        {
            SearchSession.Print(search);
            SearchSession.PrintDecision(search);
            SelectionSession.Print(selection!);
        }

        TrainCommand.Print(training);
        ExportSession.Print(export);
        var right = training.Test["top1"];
        Terminal.Print(Text($"accuracy  {100 * right:0.0} % of {Count((int)training.Test.Images, "test image")} ({training.Results["dataset"]})"));
        Console.Error.WriteLine($"""

            Next:
              {Invocation.Name} predict {Invocation.Quote(path)} PHOTO|DIR     classes of other photos
              {Invocation.Name} evaluate {Invocation.Quote(trainFolder)}       which photos it takes for what
              {Invocation.Name} bench {Invocation.Quote(path)}                 how fast it is here
            """);
    }

    /// <summary>The batch of a recipe, smaller where there are few photos: one image stays in reserve for uneven classes.</summary>
    private static int Batch(int recipe, int images) => int.Clamp(images - 1, 2, recipe);

    /// <summary>Reads every photo once.</summary>
    /// <returns>The folder that holds the data, and how many photos of each class are no test images.</returns>
    /// <exception cref="InputException">There are no photos, or some cannot be used; all faults are named.</exception>
    private static (string Folder, int[] Classes) Check(string photos)
    {
        Console.Error.WriteLine($"Checking {photos} ...");
        var report = DataCheck.Run(photos);
        var data = report.Datasets.FirstOrDefault(dataset => dataset.Kind == DatasetNames.Folder)
            ?? throw new InputException(report.Findings.Count > 0 && report.Datasets.Count == 0
                ? string.Join("\n", report.Findings.Select(finding => $"{finding.Path}: {finding.Message}"))
                : $"{photos}: holds no photos in folders of classes. Lay them out as CLASS/*.jpg, or train/CLASS/*.jpg and val/CLASS/*.jpg, or add labels.csv.");
        string[] errors = [.. data.Findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => $"{finding.Path}: {finding.Message}")];
        if (errors.Length > 0)
        {
            throw new InputException($"{photos}: {Count(errors.Length, "fault")} must be mended first:\n  - {string.Join("\n  - ", errors)}");
        }

        foreach (var finding in report.Findings.Concat(data.Findings).Where(finding => finding.Severity == FindingSeverity.Warning))
        {
            Console.Error.WriteLine($"warning: {finding.Path}: {finding.Message}");
        }

        Console.Error.WriteLine($"{data.Name}: {Count(data.Splits.Sum(split => split.Count), "photo")}, {Count(data.ClassNames.Count, "class", "classes")}.");
        var (train, test) = (data.Splits[0], data.Splits[1]);
        return (data.Folder, [.. train.PerClass.Select(images => images - (test.Count > 0 ? 0 : HoldOutSplit.HeldOf(images, new DatasetOptions().TestShare)))]);
    }

    /// <summary>Predicts time, memory and disk of a search that has not begun.</summary>
    /// <exception cref="InputException">It will not fit.</exception>
    private static void Plan(SearchOptions options, string folder, bool force)
    {
        if (Checkpoint.Exists(Path.Combine(folder, RunFiles.Checkpoint)))
        {
            return;
        }

        Console.Error.WriteLine("Planning the search ...");
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping."));
        var plan = SearchProfiling.Run(options, folder, interruption.Token);
        Console.Error.WriteLine($"The search takes about {Duration(plan.TotalSeconds)} and {Bytes(plan.PeakMemoryBytes * RunPlan.MemoryMargin)} of memory.");
        if (plan.Problems() is { Count: > 0 } problems && !force)
        {
            throw new InputException($"{string.Join(' ', problems)} --force starts all the same.");
        }
    }
}
