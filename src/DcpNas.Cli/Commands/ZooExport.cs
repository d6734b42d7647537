using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Export;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas export</c> of a network that comes with the tool: its file, as it is.</summary>
internal static class ZooExport
{
    /// <summary>Writes the packed model.</summary>
    /// <exception cref="InputException">Another format is asked for, or the file cannot be written.</exception>
    public static int Run(ExportOptions options, bool json)
    {
        if (options.Format != ExportFormat.Packed)
        {
            throw new InputException($"{options.Model}: comes as a packed model, of which there is no ONNX file. Leave --format out, or take --format c.");
        }

        var file = ModelFile.Open(options.Model);
        file.CopyTo(options.Out);
        JsonOutput.Show(
            json,
            () => new JsonObject { ["model"] = options.Model, ["path"] = options.Out, ["format"] = "packed", ["bytes"] = file.Bytes },
            () => Terminal.Print($"packed    {options.Out} ({file.Bytes} bytes), as it comes with dcpnas"));
        return ExitCode.Done;
    }
}
