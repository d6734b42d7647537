using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.SearchSpace;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas cost</c>: what the network of a genotype, or a hand-made one, costs at inference.</summary>
internal static class CostCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = $"Genotype (file, preset or text form), or {NetworkNames.BiRealNet18}, {NetworkNames.ReActNetA}", HelpName = "FILE|PRESET|TEXT|NAME" };
        var channels = Number("--channels", "C: channels of a node in the first cells; of a hand-made network, those of its paper unless given", 36);
        var cells = Number("--cells", "L: number of cells", 20);
        var size = Number("--size", "Side of the image in pixels", 32);
        var classes = Number("--classes", "Outputs of the classifier", 10);
        var stem = NamedValue.Option<StemKind>("--stem", "For small images, large ones, or small ones on small processors (default cifar)", "cifar");
        var scheme = NamedValue.Option<CountingScheme>("--scheme", "What is 1-bit (default paper)", "paper");
        var layers = new Option<bool>("--layers") { Description = "Print every layer" };
        var json = JsonOutput.Option();
        var command = new Command("cost", "Count OPs, BOPs, FLOPs, parameters and memory of a genotype's network or a hand-made one.") { network, channels, cells, size, classes, stem, scheme, layers, json };
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
                Scheme = NamedValue.Read<CountingScheme>("--scheme", parsed.GetRequiredValue(scheme)),
            };
            var name = parsed.GetRequiredValue(network);
            var isGiven = parsed.GetResult(channels) is { Implicit: false };
            var report = name is NetworkNames.BiRealNet18 or NetworkNames.ReActNetA ? HandMade(name, geometry, isGiven) : OfGenotype(name, geometry);
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(JsonNode.Parse(report.ToJson())!);
                return ExitCode.Done;
            }

            GenotypeView.Print(report);
            GenotypeView.Print(parsed.GetValue(layers) ? report.ByLayer() : report.ByGroup());
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
        var description = new NetworkDescription
        {
            Architecture = name,
            Channels = hasChannels ? geometry.Channels : NetworkNames.DefaultChannels(name),
            ImageHeight = geometry.InputHeight,
            ImageWidth = geometry.InputWidth,
            Stem = geometry.Stem,
            Scheme = Enum.GetValues<BinarizationScheme>().Single(scheme => GenotypeCost.CountedAs(scheme) == geometry.Scheme),
        };
        Check(geometry.Problems());
        Check(description.Problems());
        return NetworkCatalog.Cost(description, geometry.Classes);
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
