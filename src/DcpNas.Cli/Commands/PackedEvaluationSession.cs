using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Export;
using DcpNas.Inference;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas evaluate</c> of a packed model, or of a network that comes with the tool.</summary>
internal static class PackedEvaluationSession
{
    /// <summary>What a packed model says of an image; null where the name is that of no packed model.</summary>
    public static PredictionKind? KindOf(string model) => ModelFile.OpenUnlessCheckpoint(model) is { } file ? PackedEvaluation.KindOf(file) : null;

    /// <summary>Judges the model and prints its measures; nothing is written.</summary>
    /// <param name="options">Model and images.</param>
    /// <param name="json">Whether as JSON.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(PackedEvaluationOptions options, bool json)
    {
        var outcome = EvaluationSession.Run("evaluate", (progress, cancel) => PackedEvaluation.Execute(options, progress, cancel));
        JsonOutput.Show(json, outcome.ToJson, () =>
        {
            Terminal.Print($"{outcome.Model} on {outcome.Dataset}, test split, {Count(outcome.Images, "image")}, mode {Modes.NameOf(outcome.Mode)}");
            foreach (var (name, value) in outcome.Measures)
            {
                Terminal.Print(Text($"{name,-15} {value * 100:0.00} %"));
            }
        });
        return ExitCode.Done;
    }

    /// <summary>Refuses options that only a checkpoint has a use for, where the model is packed, and the mode where it is not.</summary>
    /// <exception cref="InputException">One of them was given.</exception>
    public static void Check(ParseResult parsed, bool isPacked, IEnumerable<Option> others)
    {
        var given = others.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
        if (given is not null)
        {
            throw new InputException(isPacked
                ? $"{given.Name} is not for packed models, of which only measures are printed. Leave it out."
                : $"{given.Name} is for packed models. Leave it out, or export the network first.");
        }
    }
}
