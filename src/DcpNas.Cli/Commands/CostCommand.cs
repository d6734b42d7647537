using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Networks;
using DcpNas.SearchSpace;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas cost</c>: what the network of a genotype, or a hand-made one, costs at inference.</summary>
internal static class CostCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = $"Genotype (file, preset or text form), or {string.Join(", ", NetworkNames.HandMade)}", HelpName = "FILE|PRESET|TEXT|NAME" };
        var channels = Number("--channels", "C: channels of a node in the first cells; of a hand-made network, those of its paper unless given", 36);
        var cells = Number("--cells", "L: number of cells", 20);
        var size = Number("--size", "Side of the image in pixels", 32);
        var classes = Number("--classes", "Outputs of the classifier", 10);
        var stem = NamedValue.Option<StemKind>("--stem", "For small images, large ones, or small ones on small processors (default cifar)", "cifar");
        var scheme = NamedValue.Option<CountingScheme>("--scheme", "What is 1-bit (default paper)", "paper");
        var multiplier = Number("--stem-multiplier", "Channels of the stem (cifar, half) as a multiple of --channels", 3);
        var core = Chips.Option();
        var shortcuts = Number("--shortcuts", "Bits of the numbers between layers that --core reckons with, as in export --shortcuts: 16 or 8", ChipTarget.DefaultShortcuts);
        var layers = new Option<bool>("--layers") { Description = "Print every layer" };
        var json = JsonOutput.Option();
        var command = new Command("cost", "Count OPs, BOPs, FLOPs, parameters and memory of a genotype's network or a hand-made one.") { network, channels, cells, size, classes, stem, multiplier, scheme, core, shortcuts, layers, json };
        command.SetAction(parsed =>
        {
            var geometry = new NetworkGeometry
            {
                Channels = parsed.GetValue(channels),
                Cells = parsed.GetValue(cells),
                InputHeight = parsed.GetValue(size),
                InputWidth = parsed.GetValue(size),
                Classes = parsed.GetValue(classes),
                Stem = NamedValue.Read<StemKind>("--stem", parsed.GetRequiredValue(stem)),
                StemMultiplier = parsed.GetValue(multiplier),
                Scheme = NamedValue.Read<CountingScheme>("--scheme", parsed.GetRequiredValue(scheme)),
            };
            var name = parsed.GetRequiredValue(network);
            var isGiven = parsed.GetResult(channels) is { Implicit: false };
            var report = NetworkNames.HandMade.Contains(name) ? HandMade(name, geometry, isGiven) : OfGenotype(name, geometry);
            var bits = parsed.GetValue(shortcuts);
            Check([.. ChipTarget.Problems(bits)]);
            var chips = parsed.GetValue(core) is { } asked ? Chips.Costs(UntrainedModel.Create(Describe(name, geometry, isGiven), geometry.Classes, bits), name, Chips.Read(asked)) : null;
            if (parsed.GetValue(json))
            {
                var all = JsonNode.Parse(report.ToJson())!;
                if (chips is not null)
                {
                    all["chips"] = Chips.ToJson(chips);
                }

                JsonOutput.Print(all);
                return ExitCode.Done;
            }

            GenotypeView.Print(report);
            GenotypeView.Print(parsed.GetValue(layers) ? report.ByLayer() : report.ByGroup());
            if (chips is not null)
            {
                foreach (var line in Columns.Align(Chips.Rows(chips), 1, 2, 3, 4, 5))
                {
                    Terminal.Print(line);
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static CostReport OfGenotype(string name, NetworkGeometry geometry)
    {
        Check(geometry.Problems());
        return GenotypeCost.Report(Genotype.Resolve(name), geometry);
    }

    private static CostReport HandMade(string name, NetworkGeometry geometry, bool hasChannels)
    {
        Check(geometry.Problems());
        return NetworkCatalog.Cost(Describe(name, geometry, hasChannels), geometry.Classes);
    }

    private static NetworkDescription Describe(string name, NetworkGeometry geometry, bool hasChannels)
    {
        var isHandMade = NetworkNames.HandMade.Contains(name);
        var description = isHandMade
            ? new NetworkDescription
            {
                Architecture = name,
                Channels = hasChannels ? geometry.Channels : NetworkNames.DefaultChannels(name),
                ImageHeight = geometry.InputHeight,
                ImageWidth = geometry.InputWidth,
                Stem = geometry.Stem,
                Scheme = NetworkDescription.SchemeOf(geometry),
            }
            : NetworkDescription.Of(Genotype.Resolve(name), geometry);
        Check(description.Problems());
        return description;
    }

    private static void Check(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new OptionsException("command line", problems);
        }
    }

    private static Option<int> Number(string name, string text, int value) =>
        WholeNumber.Option(name, $"{text} (default {value})", value);
}
