namespace DcpNas.Protocols.Conformance;

/// <summary>An image of a person in a case file.</summary>
internal sealed record PersonImage(int Identity, int Camera, float[] Feature);
