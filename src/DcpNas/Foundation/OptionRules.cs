namespace DcpNas.Foundation;

/// <summary>Rules between several options, as sentences in a list of problems.</summary>
internal static class OptionRules
{
    /// <summary>A sentence unless something holds.</summary>
    /// <param name="holds">Whether all is well.</param>
    /// <param name="problem">What is wrong otherwise.</param>
    public static IEnumerable<string> Check(bool holds, string problem) => holds ? [] : [problem];
}
