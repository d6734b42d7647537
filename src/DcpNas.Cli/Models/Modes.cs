using System.CommandLine;
using DcpNas.Cli.Options;
using DcpNas.Runtime;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>The option <c>--mode</c> of commands that run packed models.</summary>
internal static class Modes
{
    private const string Name = "--mode";

    /// <summary>The option.</summary>
    public static Option<string> Option() =>
        NamedValue.Option<NumericMode>(Name, "exact; fast: 16-bit numbers between the 1-bit parts; or integer: whole numbers alone, as on a processor without floating point (default exact)", NameOf(NumericMode.Exact));

    /// <summary>The name of a mode.</summary>
    public static string NameOf(NumericMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>Reads the option.</summary>
    /// <exception cref="InputException">There is no such mode.</exception>
    public static NumericMode Read(string name) => NamedValue.Read<NumericMode>(Name, name);

    /// <summary>How near a mode is to the exact one, for people.</summary>
    public static string Describe(FixedPointAgreement agreement) =>
        Text($"on {agreement.Images} images its outputs differed from the exact ones by {agreement.RelativeError:0.0e+0} of their size (root mean squares)")
        + (agreement.SameClass is { } same ? Text($", with the same first class on {100 * same:0.0} %") : "")
        + (agreement is { FastTop1: { } fast, ExactTop1: { } exact } ? Text($" and the right one on {100 * fast:0.0} % (exact: {100 * exact:0.0} %)") : "");

    /// <summary>How near a mode of a model is to its exact one.</summary>
    public static FixedPointAgreement AgreementOf(PackedModel model, NumericMode mode) => mode == NumericMode.Fast ? model.Info.FixedPoint!.Agreement : model.Info.Integers!.Agreement;

    /// <summary>What a mode computes with, for people.</summary>
    public static string NumbersOf(NumericMode mode) => mode == NumericMode.Fast ? "16-bit numbers between the 1-bit parts" : "whole numbers alone, from 8-bit pixels to 16-bit results";
}
