using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Runtime.Tests.Model;

/// <summary>A model file taken apart, so that tests can damage one part and keep the rest, the hashes included, right.</summary>
internal sealed class EditableFile
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public EditableFile(byte[] bytes)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        Model = JsonNode.Parse(Metadata["model"]!.GetValue<string>())!.AsObject();
        Data = bytes[(8 + length)..];
    }

    public JsonObject Header { get; }

    public JsonObject Metadata => Header["__metadata__"]!.AsObject();

    public JsonObject Model { get; set; }

    public byte[] Data { get; set; }

    /// <summary>Replaces the text of the model altogether.</summary>
    public string? ModelText { get; set; }

    public JsonObject Node(string name) => Model["nodes"]!.AsArray().Single(node => node!["name"]!.GetValue<string>() == name)!.AsObject();

    public JsonObject Tensor(string name) => Header[name]!.AsObject();

    /// <summary>The bytes of a tensor.</summary>
    public Span<byte> Bytes(string tensor)
    {
        var offsets = Tensor(tensor)["data_offsets"]!.AsArray();
        return Data.AsSpan((int)offsets[0]!..(int)offsets[1]!);
    }

    /// <summary>Puts the file together.</summary>
    /// <param name="hash">Whether the hashes are made to fit.</param>
    public byte[] ToBytes(bool hash = true)
    {
        if (hash && Header.ContainsKey("__metadata__"))
        {
            var text = ModelText ?? Model.ToJsonString(Relaxed);
            Metadata["model"] = text;
            Metadata["model_sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            Metadata["tensors_sha256"] = Convert.ToHexStringLower(SHA256.HashData(Data));
        }

        return Join(Encoding.UTF8.GetBytes(Header.ToJsonString(Relaxed)), Data);
    }

    public static byte[] Join(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes.AsSpan(8));
        data.CopyTo(bytes.AsSpan(8 + header.Length));
        return bytes;
    }
}
