using System.Buffers;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>A request for embeddings in the words of Baidu's two generations: texts in a list, vectors of the model's own length, always as numbers.</summary>
internal static class EmbeddingsRequest
{
    /// <exception cref="UntranslatableException">The call asks for what this generation cannot do.</exception>
    public static ReadOnlyMemory<byte> WriteV1(OpenAiEmbeddings call, string upstream)
    {
        if (WenxinModels.IsChat(upstream)) throw new UntranslatableException("model", "is a chat model, which has no embeddings. Call an embedding model.");

        Check(call, WenxinEmbedding.Find(upstream));
        return Write(call, null, "user_id");
    }

    /// <exception cref="UntranslatableException">The call asks for what this generation cannot do.</exception>
    public static ReadOnlyMemory<byte> WriteV2(OpenAiEmbeddings call, string upstream)
    {
        var model = WenxinEmbedding.Find(upstream);
        Check(call, model);
        return Write(call, model.Name, "user");
    }

    private static void Check(OpenAiEmbeddings call, WenxinEmbedding model)
    {
        var shape = call.Shape;
        if (shape.TokenIds > 0) throw new UntranslatableException("input", "must be texts: this model does not read ids of tokens.");
        if (shape.Dimensions is { } asked && asked != model.Dimensions)
        {
            var length = model.Dimensions is { } own ? $" always have {own} dimensions" : " have a length of their own";
            throw new UntranslatableException("dimensions", $"cannot be chosen: the vectors of this model{length}. Leave it out.");
        }

        if (shape.Inputs > model.MaxInputs)
            throw new UntranslatableException("input", $"must have at most {model.MaxInputs} {(model.MaxInputs == 1 ? "text" : "texts")} for this model, and has {shape.Inputs}. Send the rest in further calls.");
        for (var i = 0; i < call.Texts.Count; i++)
        {
            if (call.Texts[i].Length > model.MaxCharacters && CharactersOf(call.Texts[i]) is var characters && characters > model.MaxCharacters)
                throw new UntranslatableException($"input[{i}]", $"must have at most {model.MaxCharacters} characters for this model, and has {characters}. Split it.") { Code = "context_length_exceeded" };
        }
    }

    private static int CharactersOf(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static ReadOnlyMemory<byte> Write(OpenAiEmbeddings call, string? model, string userMember)
    {
        var buffer = new ArrayBufferWriter<byte>(call.Body.Length + 64);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WenxinRequest.Options.Encoder }))
        {
            json.WriteStartObject();
            if (model is not null) json.WriteString("model", model);
            json.WriteStartArray("input");
            foreach (var text in call.Texts) json.WriteStringValue(text);
            json.WriteEndArray();
            if (call.Shape.User is { Length: > 0 } user) json.WriteString(userMember, user);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
