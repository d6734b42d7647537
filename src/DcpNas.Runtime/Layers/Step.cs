using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>The nodes that one layer runs: one, or an affine function with what stands before and behind it.</summary>
/// <param name="Node">The node whose value is made.</param>
internal sealed record Step(GraphNode Node)
{
    /// <summary>The affine function, where there is one: <see cref="Node"/> itself, or what it adds to.</summary>
    public AffineNode? Affine { get; init; }

    /// <summary>The convolution whose sums the affine function reads, where nobody else does; they are never stored as a whole.</summary>
    public BinaryConvolutionNode? Convolution { get; init; }

    /// <summary>The pool whose result the affine function reads, where nobody else does; it is stored a row at a time.</summary>
    public PoolNode? Pool { get; init; }

    /// <summary>The first value that is read: of the convolution, of the pool, or of the affine function; or all values of a node that runs alone.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The shortcut of the affine function, or null.</summary>
    public string? Shortcut { get; init; }

    /// <summary>What is added to the affine function's value, or null.</summary>
    public string? Addend { get; init; }

    /// <summary>The signs that are taken of the value on the way.</summary>
    public IReadOnlyList<SignNode> Signs { get; init; } = [];

    /// <summary>Whether the value itself is stored: somebody else reads it.</summary>
    public bool IsWritten { get; init; } = true;

    /// <summary>Where the step runs on fixed-point numbers: the exponent of the result, or of the number that is read where it makes none. Null: on float32.</summary>
    public int? Exponent { get; init; }

    /// <summary>All values that the layer reads.</summary>
    public IEnumerable<string> Reads => Inputs.Concat(((string?[])[Shortcut, Addend]).OfType<string>());

    /// <summary>The values that the layer makes.</summary>
    public IEnumerable<string> Makes => (IsWritten ? [Node.Name] : Array.Empty<string>()).Concat(Signs.Select(sign => sign.Name));

    /// <summary>The types of the nodes.</summary>
    public string Type => string.Join('+', ((GraphNode?[])[Convolution, Pool, Affine, Node == Affine ? null : Node]).OfType<GraphNode>().Concat(Signs.Take(1)).Select(node => node.Type));
}
