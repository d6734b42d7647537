namespace DcpNas.Runtime;

/// <summary>How long a layer ran.</summary>
/// <param name="Node">The node that it runs.</param>
/// <param name="Type">The type of the node; <c>affine+sign</c> where the sign of its result is taken on the way.</param>
/// <param name="Seconds">Wall time of the calling thread over all images since the runner was made, with several threads what it waits for the others included.</param>
public readonly record struct LayerTime(string Node, string Type, double Seconds);
