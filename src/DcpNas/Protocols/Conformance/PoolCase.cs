using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Protocols.Conformance;

/// <summary>The images of a multi-query case, and how they become one feature.</summary>
internal sealed record PoolCase(QueryPooling Pooling, PersonImage[] Images);
