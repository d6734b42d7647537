using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Export;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas export</c>: a trained network as a file for other programs.</summary>
internal static class ExportCommand
{
    private static readonly ExportOptions Defaults = new() { Model = "", Out = "" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Model)), HelpName = "RUN|CHECKPOINT" };
        var file = new Option<string>("--out") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Out)), HelpName = "FILE", Required = true };
        var format = new Option<string?>("--format") { Description = $"{OptionDeclaration.Of(Defaults, nameof(ExportOptions.Format)).Meaning} (default: onnx where the file ends in .onnx, else packed)", HelpName = "packed|onnx" };
        var images = WholeNumber.Option("--images", OptionText.Of(Defaults, nameof(ExportOptions.Images)), Defaults.Images);
        var fast = new Option<bool>("--fast") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Fast)), HelpName = "true|false", DefaultValueFactory = _ => true };
        var integer = new Option<bool>("--integer") { Description = OptionText.Of(Defaults, nameof(ExportOptions.IntegerMode)) };
        var compact = new Option<bool>("--compact") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Compact)) };
        var dataset = new Option<string?>("--dataset") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Dataset)), HelpName = "NAME" };
        var data = new Option<string?>("--data") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Data)), HelpName = "DIR" };
        var json = JsonOutput.Option();
        var command = new Command("export", "Write a trained network as a packed 1-bit model, proven equal first, or as ONNX.") { model, file, format, images, fast, integer, compact, dataset, data, json };
        command.SetAction(parsed =>
        {
            var outcome = ExportSession.Run(new ExportOptions
            {
                Model = parsed.GetRequiredValue(model),
                Out = parsed.GetRequiredValue(file),
                Format = parsed.GetValue(format) is { } name ? FormatOf(name) : ByEnding(parsed.GetRequiredValue(file)),
                Images = parsed.GetValue(images),
                Fast = parsed.GetValue(fast),
                IntegerMode = parsed.GetValue(integer),
                Compact = parsed.GetValue(compact),
                Dataset = parsed.GetValue(dataset),
                Data = parsed.GetValue(data),
            });
            JsonOutput.Show(parsed.GetValue(json), () => outcome.ToJson(), () => ExportSession.Print(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    private static ExportFormat ByEnding(string path) =>
        Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase) ? ExportFormat.Onnx : ExportFormat.Packed;

    private static ExportFormat FormatOf(string name)
    {
        foreach (var format in Enum.GetValues<ExportFormat>().Where(format => ExportOutcome.NameOf(format) == name))
        {
            return format;
        }

        var names = Enum.GetValues<ExportFormat>().Select(ExportOutcome.NameOf).ToArray();
        throw new InputException($"--format must be one of {string.Join(", ", names)}, got '{name}'. Did you mean '{Nearest.Of(name, names)}'?");
    }
}
