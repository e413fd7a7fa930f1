using System.Text;
using System.Text.Json;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.Anthropic;
using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Tests.Dialects;

/// <summary>Images of a prompt: found whatever they stand in, and left as they came.</summary>
public sealed class PromptImageTests
{
    [Fact]
    public void Images_of_every_role_are_found_in_the_order_of_a_chat() => Assert.Equal(
        ["data:image/png;base64,AA/+", "https://example.com/a?b=\"c\"", "data:image/gif;base64,BBBB"],
        AddressesOf(new ChatBody(), """
            {"model":"m","messages":[
              {"role":"system","content":[{"type":"image_url","image_url":{"url":"data:image\/png;base64,AA\/\u002b"}}]},
              {"role":"user","content":[{"type":"text","text":"x"},{"image_url":{"detail":"low","url":"https://example.com/a?b=\"c\""},"type":"image_url"}]},
              {"role":"tool","tool_call_id":"1","content":[{"type":"image_url","image_url":{"url":"data:image/gif;base64,BBBB"}}]}]}
            """));

    [Fact]
    public void Images_of_messages_are_found_in_every_block_with_a_source() => Assert.Equal(
        ["data:image/png;base64,AAAA", "data:image/jpeg;base64,BB/B", "https://example.com/c", "none", "none", "data:image/webp;base64,CCCC"],
        AddressesOf(new MessagesBody(), """
            {"model":"m","max_tokens":1,"system":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}],"messages":[
              {"role":"user","content":[
                {"type":"image","source":{"data":"BB\/B","media_type":"image\/jpeg","type":"base64"}},
                {"source":{"url":"https://example.com/c","type":"url"},"type":"image"},
                {"type":"image","source":{"type":"file","file_id":"file_1"}},
                {"type":"image","source":{"type":"base64","data":"DDDD"}},
                {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"EEEE"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","media_type":"image/webp","data":"CCCC"}}]}]}]}
            """));

    [Theory, InlineData(PromptImage.MostCharacters, true), InlineData(PromptImage.MostCharacters + 1, false)]
    public void A_file_larger_than_a_provider_takes_is_not_sent(int characters, bool isSent)
    {
        var body = new byte[characters];
        Assert.Equal(isSent, new PromptImage(0..characters).In(body).Count > 0);
    }

    private static string[] AddressesOf(CallBody reader, string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        Assert.True(reader.TryRead(body, out var request, out var refusal), refusal?.Message);
        return [.. request.Images.Select(image => image.In(body)).Select(pieces => pieces.Count == 0 ? "none" : JsonSerializer.Deserialize<string>(pieces.SelectMany(piece => piece.ToArray()).ToArray())!)];
    }
}
