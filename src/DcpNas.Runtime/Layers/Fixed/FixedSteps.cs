using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>Decides which steps of the fast mode run on 16-bit fixed-point numbers, with which exponents, and casts values where steps of both kinds meet.</summary>
/// <remarks>
/// Fixed-point numbers start where the 16-bit sums of a 1-bit convolution become real and an exponent is known, and go on through affine functions, pools, sums, concatenations and signs. What is
/// added has at least the exponent of the result, so that it is only ever divided. Convolutions of reals, fully connected layers and outputs are float32.
/// </remarks>
internal sealed class FixedSteps
{
    private readonly ModelGraph _graph;
    private readonly IReadOnlyDictionary<string, int> _exponents;
    private readonly List<Step> _steps = [];
    private readonly Dictionary<string, ValueShape> _shapes = new(StringComparer.Ordinal);

    /// <summary>Plans.</summary>
    /// <param name="graph">The graph whose nodes run.</param>
    /// <param name="exact">The steps of the exact mode, in order.</param>
    /// <param name="exponents">By node.</param>
    /// <param name="outputs">The values that must be float32.</param>
    public FixedSteps(ModelGraph graph, IEnumerable<Step> exact, IReadOnlyDictionary<string, int> exponents, IEnumerable<string> outputs)
    {
        (_graph, _exponents) = (graph, exponents);
        foreach (var step in exact)
        {
            _steps.Add(Fixed(step) ?? Real(step));
        }

        foreach (var value in outputs)
        {
            AsReal(value);
        }
    }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<Step> All => _steps;

    /// <summary>The values that are not as the graph says: fixed-point numbers, and casts.</summary>
    public IReadOnlyDictionary<string, ValueShape> Shapes => _shapes;

    /// <summary>The name of a value as float32.</summary>
    public static string NameOfReal(string value) => $"{value}:real";

    private static string NameOfFixed(string value) => $"{value}:fixed";

    /// <summary>The step on fixed-point numbers, or null where it stays with float32.</summary>
    private Step? Fixed(Step step) => step switch
    {
        { Affine: { } affine } => Affine(step, affine),
        { Node: PoolNode } when FixedExponent(step.Inputs[0]) is { } exponent => Makes(step, exponent),
        { Node: SignNode or GlobalAverageNode } when FixedExponent(step.Inputs[0]) is { } exponent => step with { Exponent = exponent },
        { Node: AddNode } => Joined(step, _exponents.TryGetValue(step.Node.Name, out var own) ? own : FixedPointInfo.MostExponent),
        { Node: ConcatNode } when _graph.ShapeOf(step.Node.Name).Kind == ValueKind.Real => Joined(step, FixedPointInfo.MostExponent),
        _ => null,
    };

    private Step? Affine(Step step, AffineNode affine)
    {
        var input = _graph.ShapeOf(step.Convolution?.Name ?? step.Inputs[0]);
        var fits = input.Kind == ValueKind.Sums ? input.ShortSums : FixedExponent(step.Inputs[0]) is not null;
        var terms = ((string?[])[step.Shortcut, step.Addend]).OfType<string>().ToList();
        if (!fits || !_exponents.TryGetValue(affine.Name, out var exponent) || terms.Any(term => Exponent(term) is null))
        {
            return null;
        }

        exponent = _exponents.TryGetValue(step.Node.Name, out var ofSum) ? int.Min(exponent, ofSum) : exponent;
        exponent = terms.Aggregate(exponent, (least, term) => int.Min(least, Exponent(term)!.Value));
        var (shortcut, addend) = (step.Shortcut is null ? null : AsFixed(step.Shortcut), step.Addend is null ? null : AsFixed(step.Addend));
        return Makes(step with { Shortcut = shortcut, Addend = addend }, exponent);
    }

    /// <summary>A step of several values of which one is fixed-point already, and all can be.</summary>
    private Step? Joined(Step step, int most)
    {
        if (!step.Inputs.Any(input => FixedExponent(input) is not null) || step.Inputs.Any(input => Exponent(input) is null))
        {
            return null;
        }

        var exponent = step.Inputs.Aggregate(most, (least, input) => int.Min(least, Exponent(input)!.Value));
        return Makes(step with { Inputs = [.. step.Inputs.Select(AsFixed)] }, exponent);
    }

    private Step Makes(Step step, int exponent)
    {
        if (step.IsWritten)
        {
            _shapes.Add(step.Node.Name, _graph.ShapeOf(step.Node.Name) with { Exponent = exponent });
        }

        return step with { Exponent = exponent };
    }

    private Step Real(Step step) => step with
    {
        Inputs = [.. step.Inputs.Select(AsReal)],
        Shortcut = step.Shortcut is null ? null : AsReal(step.Shortcut),
        Addend = step.Addend is null ? null : AsReal(step.Addend),
    };

    /// <summary>The exponent of a value that is made as fixed-point numbers.</summary>
    private int? FixedExponent(string value) => _shapes.TryGetValue(value, out var shape) ? shape.Exponent : null;

    /// <summary>The exponent that a value has or can be cast to.</summary>
    private int? Exponent(string value) => FixedExponent(value) ?? (_exponents.TryGetValue(value, out var exponent) ? exponent : null);

    private string AsReal(string value) => FixedExponent(value) is null ? value : Cast(value, NameOfReal(value), null);

    private string AsFixed(string value) => FixedExponent(value) is not null ? value : Cast(value, NameOfFixed(value), _exponents[value]);

    private string Cast(string value, string name, int? exponent)
    {
        if (_shapes.TryAdd(name, _graph.ShapeOf(value) with { Exponent = exponent }))
        {
            _steps.Add(new Step(new CastNode(name, value)) { Inputs = [value] });
        }

        return name;
    }
}
