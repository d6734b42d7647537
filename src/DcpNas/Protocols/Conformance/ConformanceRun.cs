using DcpNas.Runs;

namespace DcpNas.Protocols.Conformance;

/// <summary>Tests the evaluators: on case files with known values, and on random cases against reference implementations of the protocols.</summary>
public static class ConformanceRun
{
    private const string RandomReason = "Drawn; expected is what the literal implementation of the protocol finds.";

    /// <summary>Evaluates.</summary>
    /// <param name="options">Which cases.</param>
    /// <param name="cancellation">Ends the work between cases.</param>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="InputException">A case file cannot be used.</exception>
    public static ConformanceReport Execute(ConformanceOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var files = options.Cases is null ? CaseFiles.Golden() : CaseFiles.Of(options.Cases);
        return new ConformanceReport(
            [.. files.Select(file => Judge(file.Case, file.Source))],
            [.. options.Random == 0 ? [] : RandomCases.Protocols.Select(protocol => JudgeRandom(protocol, options.Random, cancellation))]);
    }

    /// <summary>Writes the case files, and random cases with what the literal implementation finds, for other tools.</summary>
    /// <param name="folder">Where to; is created if it is not there.</param>
    /// <param name="options">Which cases.</param>
    /// <returns>The paths.</returns>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="InputException">A case file cannot be used, or the folder cannot be written to.</exception>
    public static IReadOnlyList<string> Write(string folder, ConformanceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var files = options.Cases is null ? CaseFiles.Golden() : CaseFiles.Of(options.Cases);
        if (options.Cases is not null)
        {
            OutputGuard.Files(files.Select(file => CaseFiles.PathOf(folder, file.Case)), files.Select(file => file.Source));
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the folder cannot be made ({error.Message.TrimEnd('.')}). Name another one with --write.", error);
        }

        var drawn = RandomCases.Protocols.SelectMany(protocol => Enumerable.Range(0, options.Random).Select(number =>
        {
            var input = RandomCases.Create(protocol, number);
            var name = NameOf(protocol, number);
            return CaseRecord.Of(input, name, RandomReason, input.EvaluateByReference(name));
        }));
        return [.. files.Select(file => file.Case).Concat(drawn).Select(one => CaseFiles.Write(folder, one))];
    }

    internal static CaseOutcome Judge(CaseRecord one, string source)
    {
        var input = one.Input(source);
        try
        {
            return Compare(one.Name, input.Protocol, one.Why, one.Expected, input.Evaluate(source), input.EvaluateByReference(source)) with { Notes = input.Notes(source) };
        }
        catch (InputException error) when (!error.Message.StartsWith(source, StringComparison.Ordinal))
        {
            throw new InputException($"{source}: {error.Message}", error);
        }
    }

    private static RandomOutcome JudgeRandom(string protocol, int count, CancellationToken cancellation)
    {
        var numbers = 0;
        var disagreements = new List<CaseOutcome>();
        for (var number = 0; number < count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var input = RandomCases.Create(protocol, number);
            var name = NameOf(protocol, number);
            var expected = input.EvaluateByReference(name);
            var found = input.Evaluate(name);
            var surplus = found.ExceptBy(expected.Select(pair => pair.Key), pair => pair.Key); // a measure that only the evaluator knows is a disagreement
            var outcome = Compare(name, protocol, RandomReason, expected.Concat(surplus), found, expected);
            numbers += outcome.Measures.Count;
            if (!outcome.Agrees)
            {
                disagreements.Add(outcome);
            }
        }

        return new RandomOutcome(protocol, count, numbers, disagreements);
    }

    private static CaseOutcome Compare(
        string name,
        string protocol,
        string why,
        IEnumerable<KeyValuePair<string, double>> expected,
        IReadOnlyList<KeyValuePair<string, double>> found,
        IReadOnlyList<KeyValuePair<string, double>> literal)
    {
        var (foundOf, literalOf) = (found.ToDictionary(), literal.ToDictionary());
        return new CaseOutcome(name, protocol, why, [.. expected.Select(pair => new MeasureOutcome(pair.Key, pair.Value, Value(foundOf, pair.Key), Value(literalOf, pair.Key)))]);

        static double? Value(Dictionary<string, double> values, string key) => values.TryGetValue(key, out var value) ? value : null;
    }

    private static string NameOf(string protocol, int number) => $"random-{protocol.Replace('_', '-')}-{number:D4}";

    private static void Check(ConformanceOptions options)
    {
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("conformance options", problems);
        }
    }
}
