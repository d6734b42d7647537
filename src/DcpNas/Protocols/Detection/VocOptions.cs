namespace DcpNas.Protocols.Detection;

/// <summary>How <see cref="VocEvaluator"/> evaluates.</summary>
public sealed record VocOptions
{
    /// <summary>What becomes of the curve; default <see cref="VocInterpolation.Area"/>.</summary>
    public VocInterpolation Interpolation { get; init; } = VocInterpolation.Area;

    /// <summary>The overlap from which on a detection finds an object, above 0 and at most 1; default 0.5.</summary>
    public double IouThreshold { get; init; } = 0.5;

    /// <summary>
    /// Corners are the first and last pixel of a box, so that it is <c>X2 - X1 + 1</c> wide, as in the devkit; default false: corners are edges.
    /// </summary>
    public bool InclusivePixels { get; init; }

    /// <summary>Every fault, one sentence each.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. Enum.IsDefined(Interpolation) ? Array.Empty<string>() : [$"interpolation must be eleven_point, eleven_point_exact or area, got {Interpolation}."],
        .. IouThreshold is > 0 and <= 1 ? Array.Empty<string>() : [$"iou_threshold must be above 0 and at most 1, got {IouThreshold}."],
    ];
}
