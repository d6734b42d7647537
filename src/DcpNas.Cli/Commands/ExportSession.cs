using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Export;
using DcpNas.Runtime.Model;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>export</c> and <c>quickstart</c> share: an export with its progress, and its result on stdout.</summary>
internal static class ExportSession
{
    /// <summary>Writes the file, with progress on stderr; Ctrl+C leaves nothing behind.</summary>
    public static ExportOutcome Run(ExportOptions options)
    {
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping after this image. Nothing is written."));
        return ExportRun.Execute(
            options,
            (done, all) =>
            {
                if (done % 64 == 0 || done == all)
                {
                    Console.Error.WriteLine($"proof: {done} of {all} images are equal");
                }
            },
            interruption.Token);
    }

    /// <summary>Prints a result for people.</summary>
    public static void Print(ExportOutcome outcome)
    {
        if (outcome.Proof is { } proof)
        {
            Terminal.Print($"proof     {outcome.ProofImages}: no difference");
            Terminal.Print($"          {proof.BinaryLayers} 1-bit layers with {proof.Weights} weights; equal: {proof.Sums} sums, {proof.SumSigns} bits of sums, {proof.RealSigns} bits of reals ({proof.RoundingTies} of them ties of float32 rounding)");
            var (number, first) = proof.Output switch
            {
                GraphOutput.Logits => ("a logit", "first class"),
                GraphOutput.Embedding => ("an embedding", "direction"),
                _ => ("a score or code", "first box"),
            };
            Terminal.Print(Text($"          largest error of {number} {proof.LogitError:0.0e+0} of the largest; {first} as in float32 training on {proof.FloatAgreement * 100:0.00} % of the images")
                + (proof.FloatAgreement < 1 ? ": elsewhere float32 has rounded a number that is all but equal to a threshold to its other side" : ""));
        }

        if (outcome.FixedPoint is { Agreement: var agreement })
        {
            Terminal.Print($"fast mode {Modes.Describe(agreement)}; its ranges are those of {outcome.FixedPoint.CalibrationImages} others");
        }

        if (outcome.Integers is { Agreement: var near })
        {
            Terminal.Print($"integer   {Modes.Describe(near)}; its integers are those of {outcome.Integers.CalibrationImages} others");
        }

        Terminal.Print($"{ExportOutcome.NameOf(outcome.Format),-10}{outcome.Path} ({outcome.Bytes} bytes)");
    }
}
