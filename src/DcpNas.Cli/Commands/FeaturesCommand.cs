using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Evaluation;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas features</c>: writes the pooled features of images.</summary>
internal static class FeaturesCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = EvaluateCommand.ModelArgument();
        var values = new OptionSet([new OptionSet.Variant("", new FeatureOptions(), (text, source) => OptionsJson.Read<FeatureOptions>(text, source, "{}"))], "model");
        var file = new Option<string>("--out") { Description = "File to write (safetensors: features [N, F], labels [N], names of images and classes as UTF-8 bytes with offsets; of a re-identification run identities, cameras and parts [N])", HelpName = "FILE", Required = true };
        var json = JsonOutput.Option();
        var command = new Command("features", "Write the features of a split as safetensors: pooled ones of a classifier, whose classes need not be those of the training, or the embeddings of queries and gallery.") { model, file, json };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var options = (FeatureOptions)values.Read(parsed, "", null) with { Model = parsed.GetRequiredValue(model) };
            var (images, features) = EvaluationSession.Run("features", (progress, cancel) => FeatureRun.Execute(options, path, progress, cancel));
            JsonOutput.Show(parsed.GetValue(json), () => new JsonObject { ["path"] = path, ["images"] = images, ["features"] = features }, () => Terminal.Print($"{path}: {Words.Count(images, "image")}, {Words.Count(features, "feature")} each"));
            return ExitCode.Done;
        });
        return command;
    }
}
