namespace DcpNas.Export;

/// <summary>What follows a normalised convolution: <c>prelu(y + shortcut) + shift</c>, or <c>relu(y)</c>.</summary>
/// <typeparam name="T">A value of the graph that is written.</typeparam>
internal readonly record struct FusedEpilogue<T>
    where T : class
{
    /// <summary>Added first, or null.</summary>
    public T? Shortcut { get; init; }

    /// <summary>The slopes of a PReLU, one per channel, or null.</summary>
    public float[]? Slope { get; init; }

    /// <summary>Added last, one per channel, or null.</summary>
    public float[]? Shift { get; init; }

    /// <summary>Whether negative values become 0; there is no PReLU then.</summary>
    public bool Relu { get; init; }
}
