using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas genotype</c>: shows, draws, lists and draws lots for genotypes.</summary>
internal static class GenotypeCommand
{
    /// <summary>The group.</summary>
    public static Command Create() => new("genotype", "Show, draw, list or randomly draw genotypes.") { Show(), Draw(), Random(), List() };

    /// <summary>The argument that names a genotype.</summary>
    public static Argument<string> Argument() => new("genotype") { Description = "File, preset (see genotype list) or text form", HelpName = "FILE|PRESET|TEXT" };

    private static Command Show()
    {
        var genotype = Argument();
        var json = JsonOutput.Option();
        var command = new Command("show", "Print a genotype.") { genotype, json };
        command.SetAction(parsed => Print(Genotype.Resolve(parsed.GetRequiredValue(genotype)), parsed.GetValue(json)));
        return command;
    }

    private static Command Draw()
    {
        var genotype = Argument();
        var output = new Option<string>("--out") { Description = "Folder for normal.svg and reduction.svg", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var command = new Command("draw", "Write drawings of both cells (SVG).") { genotype, output };
        command.SetAction(parsed =>
        {
            var (source, folder) = (parsed.GetRequiredValue(genotype), parsed.GetRequiredValue(output));
            var cells = Genotype.Resolve(source);
            (string Path, string Svg)[] drawings =
            [
                (Path.Combine(folder, RunFiles.NormalCell), CellDiagram.Svg(cells.Normal, "Normal cell")),
                (Path.Combine(folder, RunFiles.ReductionCell), CellDiagram.Svg(cells.Reduction, "Reduction cell")),
            ];
            OutputGuard.Files(drawings.Select(drawing => drawing.Path), [source]);
            foreach (var (path, svg) in drawings)
            {
                OutputGuard.ForeignText(path, svg, svg.IndexOf("<title>", StringComparison.Ordinal));
            }

            WriteProbe.CreateFolder(folder);
            foreach (var (path, svg) in drawings)
            {
                AtomicFile.WriteText(path, svg);
                Terminal.Print(path);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Random()
    {
        var seed = WholeNumber.Option("--seed", "Names the genotype (default 0)", 0L);
        var json = JsonOutput.Option();
        var command = new Command("random", "Draw a genotype uniformly: the baseline of a search.") { seed, json };
        command.SetAction(parsed => Print(Discretizer.Random(parsed.GetValue(seed)), parsed.GetValue(json)));
        return command;
    }

    private static Command List()
    {
        var json = JsonOutput.Option();
        var command = new Command("list", "List the published genotypes that can be named.") { json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonArray([.. GenotypePresets.All.Select(preset =>
                    new JsonObject { ["name"] = preset.Name, ["genotype_text"] = preset.Genotype.ToString(), ["source"] = preset.Genotype.Provenance?.Run })]));
                return ExitCode.Done;
            }

            foreach (var preset in GenotypePresets.All)
            {
                Terminal.Print($"{preset.Name}\n  normal: {preset.Genotype.Normal}\n  reduction: {preset.Genotype.Reduction}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static int Print(Genotype genotype, bool json)
    {
        if (json)
        {
            JsonOutput.Print(new JsonObject { ["genotype_text"] = genotype.ToString(), ["genotype"] = JsonNode.Parse(genotype.ToJson()) });
        }
        else
        {
            GenotypeView.Print(genotype);
        }

        return ExitCode.Done;
    }
}
