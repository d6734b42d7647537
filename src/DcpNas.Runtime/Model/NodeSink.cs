using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>Takes attributes and tensors of a node that is written.</summary>
/// <param name="json">At the place of the attributes.</param>
/// <param name="tensors">Filled.</param>
internal sealed class NodeSink(Utf8JsonWriter json, List<ModelTensor> tensors)
{
    /// <summary>The name under which the node is written.</summary>
    public string Node { get; set; } = "";

    public void Attribute(string key, int value) => json.WriteNumber(key, value);

    public void Attribute(string key, bool value) => json.WriteBoolean(key, value);

    public void Geometry(ConvolutionGeometry geometry)
    {
        Attribute("kernel", geometry.Kernel);
        Attribute("stride", geometry.Stride);
        Attribute("padding", geometry.Padding);
        Attribute("dilation", geometry.Dilation);
        Offset(geometry);
    }

    public void Offset(ConvolutionGeometry geometry)
    {
        if (geometry.Offset != 0)
        {
            Attribute("offset", geometry.Offset);
        }
    }

    public void Tensor(string slot, ReadOnlyMemory<float>? values, params int[] shape)
    {
        if (values is { } present)
        {
            tensors.Add(ModelTensor.Of(Key(slot), present.Span, shape));
        }
    }

    public void Tensor(string slot, ReadOnlyMemory<int>? values, params int[] shape)
    {
        if (values is { } present)
        {
            tensors.Add(ModelTensor.Of(Key(slot), present.Span, shape));
        }
    }

    public void Tensor(string slot, ReadOnlyMemory<ThresholdRule>? values, params int[] shape)
    {
        if (values is { } present)
        {
            tensors.Add(ModelTensor.Of(Key(slot), present.Span, shape));
        }
    }

    public void Tensor(string slot, ReadOnlyMemory<short>? values, params int[] shape)
    {
        if (values is { } present)
        {
            tensors.Add(ModelTensor.Of(Key(slot), present.Span, shape));
        }
    }

    /// <summary>In 8 bits where all are from -127 to 127, else in 16.</summary>
    public void IntegerWeights(string slot, ReadOnlyMemory<short> values, int[] shape)
    {
        if (values.Span.ContainsAnyExceptInRange((short)-sbyte.MaxValue, sbyte.MaxValue))
        {
            tensors.Add(ModelTensor.Of(Key(slot), values.Span, shape));
            return;
        }

        var bytes = new sbyte[values.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (sbyte)values.Span[i];
        }

        tensors.Add(ModelTensor.Of(Key(slot), bytes, shape));
    }

    public void Signs(SignWeights weights)
    {
        Attribute("depthwise", weights.Depthwise);
        Attribute("in_channels", weights.InChannels);
        tensors.Add(ModelTensor.Of(Key("weight"), weights.Words.Span, weights.TensorShape));
    }

    private string Key(string slot) => $"{Node}.{slot}";
}
