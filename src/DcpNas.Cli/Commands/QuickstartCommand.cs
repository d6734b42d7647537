using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Search;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas quickstart</c>: a whole search on the embedded synthetic images in under three minutes.</summary>
internal static class QuickstartCommand
{
    private const string Recipe = "quickstart.json";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string?>("--run") { Description = "Run folder (default runs/quickstart, or runs/quickstart-seedN with --seed)", HelpName = "DIR" };
        var seed = WholeNumber.Optional<int>("--seed", "Seed of everything random (default 0)");
        var json = JsonOutput.Option();
        var command = new Command("quickstart", "Search on small synthetic images: needs no data, ends in under three minutes on two cores.") { run, seed, json };
        command.SetAction(parsed =>
        {
            var number = parsed.GetValue(seed);
            var options = ReadRecipe();
            options = options with { Seed = number ?? options.Seed };
            var folder = parsed.GetValue(run) ?? Path.Combine("runs", number is null ? "quickstart" : $"quickstart-seed{number}");
            var code = SearchSession.Run(options, folder, Invocation.CommandLine, parsed.GetValue(json));
            Console.Error.WriteLine($"""

                Next:
                  open {Path.Combine(folder, Runs.RunFiles.Report)} in a browser: the search, its cells and its figures on one page
                  {Invocation.Name} cost {Path.Combine(folder, Runs.RunFiles.Genotype)}   what this network costs at other sizes
                  {Invocation.Name} search --dataset folder --data DIR --run runs/mine   a search on your own images (train/CLASS/*, val/CLASS/*)
                  {Invocation.Name} plan --dataset folder --data DIR   how long that will take and whether it fits
                """);
            return code;
        });
        return command;
    }

    /// <summary>The recipe configs/quickstart.json, which travels inside the program.</summary>
    private static SearchOptions ReadRecipe()
    {
        using var stream = typeof(QuickstartCommand).Assembly.GetManifestResourceStream(Recipe)
            ?? throw new InvalidOperationException($"Bug in DcpNas: the resource {Recipe} is missing.");
        using var reader = new StreamReader(stream);
        return SearchOptions.FromJson(reader.ReadToEnd(), Recipe);
    }
}
