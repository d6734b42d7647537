namespace DcpNas.Protocols.Conformance;

/// <summary>The input of one protocol, and what its two implementations make of it.</summary>
internal interface IProtocolCase
{
    /// <summary>The key of the protocol in case files.</summary>
    string Protocol { get; }

    /// <summary>The names of the measures that may be expected; null for any.</summary>
    IReadOnlyList<string>? MeasureNames { get; }

    /// <summary>What is odd in the input, one sentence each.</summary>
    /// <param name="source">What messages call the case.</param>
    /// <exception cref="InputException">The input cannot be evaluated.</exception>
    IReadOnlyList<string> Notes(string source) => [];

    /// <summary>What the evaluator finds.</summary>
    /// <param name="source">What messages call the case.</param>
    /// <exception cref="InputException">The input cannot be evaluated.</exception>
    IReadOnlyList<KeyValuePair<string, double>> Evaluate(string source);

    /// <summary>What the literal implementation finds.</summary>
    /// <inheritdoc cref="Evaluate"/>
    IReadOnlyList<KeyValuePair<string, double>> EvaluateByReference(string source);
}
