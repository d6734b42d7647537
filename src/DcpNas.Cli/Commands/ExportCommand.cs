using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Export;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas export</c>: a trained network as a file for other programs.</summary>
internal static class ExportCommand
{
    private const string CodeFormat = "c"; // made from a packed model, so it is no format of a trained network

    private static readonly ExportOptions Defaults = new() { Model = "", Out = "" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Model)), HelpName = "RUN|CHECKPOINT|MODEL|NAME" };
        var file = new Option<string>("--out") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Out)), HelpName = "FILE|DIR", Required = true };
        var format = new Option<string?>("--format") { Description = $"{OptionDeclaration.Of(Defaults, nameof(ExportOptions.Format)).Meaning} ; c: C99 for microcontrollers, of a packed model or a run (default: onnx where the file ends in .onnx, else packed)", HelpName = "packed|onnx|c" };
        var name = new Option<string?>("--name") { Description = "With --format c: what every name in the code begins with, an identifier in lower case", HelpName = "NAME" };
        var images = WholeNumber.Option("--images", OptionText.Of(Defaults, nameof(ExportOptions.Images)), Defaults.Images);
        var fast = new Option<bool>("--fast") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Fast)), HelpName = "true|false", DefaultValueFactory = _ => true };
        var integer = new Option<bool>("--integer") { Description = OptionText.Of(Defaults, nameof(ExportOptions.IntegerMode)) };
        var shortcuts = WholeNumber.Option("--shortcuts", OptionText.Of(Defaults, nameof(ExportOptions.Shortcuts)), Defaults.Shortcuts);
        var compact = new Option<bool>("--compact") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Compact)) };
        var dataset = new Option<string?>("--dataset") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Dataset)), HelpName = "NAME" };
        var data = new Option<string?>("--data") { Description = OptionText.Of(Defaults, nameof(ExportOptions.Data)), HelpName = "DIR" };
        var json = JsonOutput.Option();
        var command = new Command("export", "Write a trained network as a packed 1-bit model, proven equal first, as ONNX, or as C for microcontrollers.") { model, file, format, name, images, fast, integer, shortcuts, compact, dataset, data, json };
        command.SetAction(parsed =>
        {
            var isCode = parsed.GetValue(format) == CodeFormat;
            if (!isCode && parsed.GetValue(name) is not null)
            {
                throw new InputException("--name belongs to --format c. Leave it out, or name that format.");
            }

            var options = new ExportOptions
            {
                Model = parsed.GetRequiredValue(model),
                Out = parsed.GetRequiredValue(file),
                Format = isCode ? ExportFormat.Packed : parsed.GetValue(format) is { } text ? FormatOf(text) : ByExtension(parsed.GetRequiredValue(file)),
                Images = parsed.GetValue(images),
                Fast = parsed.GetValue(fast),
                IntegerMode = parsed.GetValue(integer),
                Shortcuts = parsed.GetValue(shortcuts),
                Compact = parsed.GetValue(compact),
                Dataset = parsed.GetValue(dataset),
                Data = parsed.GetValue(data),
            };
            if (isCode)
            {
                return CSourceSession.Run(options, parsed.GetValue(name) ?? throw new InputException("--format c needs --name: what every name in the code begins with. For example: --name net."), parsed.GetValue(json));
            }

            if (ModelZoo.IsName(options.Model))
            {
                CSourceSession.RefuseShortcuts(options);
                return ZooExport.Run(options, parsed.GetValue(json));
            }

            var outcome = ExportSession.Run(options);
            JsonOutput.Show(parsed.GetValue(json), () => outcome.ToJson(), () => ExportSession.Print(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    private static ExportFormat ByExtension(string path) =>
        Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase) ? ExportFormat.Onnx : ExportFormat.Packed;

    private static ExportFormat FormatOf(string name)
    {
        foreach (var format in Enum.GetValues<ExportFormat>().Where(format => ExportOutcome.NameOf(format) == name))
        {
            return format;
        }

        var names = Enum.GetValues<ExportFormat>().Select(ExportOutcome.NameOf).Append(CodeFormat).ToArray();
        throw new InputException($"--format must be one of {string.Join(", ", names)}, got '{name}'. Did you mean '{Nearest.Of(name, names)}'?");
    }
}
