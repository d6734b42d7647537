namespace DcpNas.Runtime.Model;

/// <summary>A value of a graph under construction.</summary>
public sealed class GraphValue
{
    internal GraphValue(GraphBuilder owner, string name, ValueShape shape)
    {
        Owner = owner;
        Name = name;
        Shape = shape;
    }

    /// <summary>The name of the node that makes it.</summary>
    public string Name { get; }

    /// <summary>Kind and size.</summary>
    public ValueShape Shape { get; }

    internal GraphBuilder Owner { get; }
}
